import { hash } from 'node:crypto';

/** A strong tag of the version and of the request, so that two different bodies never have the same tag. */
export const etagOf = (version: string, request: string): string => `"${version}-${hash('sha1', request, 'hex').slice(0, 12)}"`;

/** Whether the client sent this tag (RFC 9110, 13.1.2). */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag) ?? false;
