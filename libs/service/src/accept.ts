/**
 * The media type that an Accept header prefers among those offered (RFC 9110, 12.5.1): of equals the first; undefined if none is acceptable.
 * `offered` are types without parameters, in lower case.
 */
export function preferredType<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(readRange);
  let best: { type: T; q: number } | undefined;
  for (const type of offered) {
    const q = quality(type, ranges);
    if (q > (best?.q ?? 0)) best = { type, q };
  }
  return best?.type;
}

/** A media type without its parameters. */
export const bareType = (type: string): string => (type.split(';')[0] as string).trim().toLowerCase();

interface Range {
  type: string;
  q: number;
}

function readRange(text: string): Range {
  const q = /;\s*q\s*=\s*([\d.]+)/i.exec(text)?.[1];
  return { type: bareType(text), q: q === undefined ? 1 : Number(q) };
}

/** The weight of the range that names the type most closely: itself, then `text/*`, then all. */
function quality(type: string, ranges: readonly Range[]): number {
  const family = `${type.split('/')[0]}/*`;
  for (const wanted of [type, family, '*/*']) {
    const range = ranges.find((one) => one.type === wanted);
    if (range !== undefined) return range.q;
  }
  return 0;
}
