import Negotiator from 'negotiator';

/**
 * The media type that an Accept header prefers among those offered (RFC 9110, 12.5.1); undefined if none is acceptable. If the header has no
 * preference, the first. `offered` are types without parameters, in lower case. Parameters in the header other than `q` are ignored.
 */
export function preferredType<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const bare = accept.replace(/;\s*(?!q\s*=)[^;,]*/gi, '');
  return new Negotiator({ headers: { accept: bare } }).mediaType([...offered]) as T | undefined;
}

/** A media type without its parameters, in lower case. */
export const bareType = (type: string): string => (type.split(';')[0] as string).trim().toLowerCase();
