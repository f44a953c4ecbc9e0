import { hash } from 'node:crypto';

/** A strong tag: the version, and what was asked of it and in which form, so that two different bodies never share one. */
export const etagOf = (version: string, question: string): string => `"${version}-${hash('sha1', question, 'hex').slice(0, 12)}"`;

/** Whether one of the caller's tags is this one (RFC 9110, 13.1.2). */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag) ?? false;
