import { hint, ProblemError, shown } from '@almanac/domain';

/** The forms records come in: short name (`?f=`, file extension) and media type. The first is the default. */
export const mediaTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  arrow: 'application/vnd.apache.arrow.stream',
} as const;
export type FormatId = keyof typeof mediaTypes;
export const formatIds = Object.keys(mediaTypes) as FormatId[];

const bare = (type: string): string => (type.split(';')[0] as string).trim().toLowerCase();

/** What `?f=` says, else what the Accept header likes best (RFC 9110, 12.5.1). Throws 406 with what there is. */
export function chooseFormat(f: string | undefined, accept: string | undefined, offered: readonly FormatId[] = formatIds): FormatId {
  const first = offered[0] as FormatId;
  if (f !== undefined) {
    const found = offered.find((id) => id === f);
    if (found === undefined) throw notAcceptable(`f=${shown(f)}${hint(f, offered)}`, offered);
    return found;
  }
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return first;
  const ranges = accept.split(',').map(readRange);
  let best: { id: FormatId; q: number } | undefined;
  for (const id of offered) {
    const q = quality(bare(mediaTypes[id]), ranges);
    if (q > (best?.q ?? 0)) best = { id, q };
  }
  if (best === undefined) throw notAcceptable(`Accept: ${shown(accept)}`, offered);
  return best.id;
}

interface Range {
  type: string;
  q: number;
}

function readRange(text: string): Range {
  const q = /;\s*q\s*=\s*([\d.]+)/i.exec(text)?.[1];
  return { type: bare(text), q: q === undefined ? 1 : Number(q) };
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

const notAcceptable = (asked: string, offered: readonly FormatId[]) =>
  new ProblemError(
    'not-acceptable',
    `${asked} is not among what this route has: ${offered.map((id) => `${bare(mediaTypes[id])} (f=${id})`).join(', ')}.`,
    {
      extra: { available: offered.map((id) => ({ f: id, type: bare(mediaTypes[id]) })) },
    },
  );
