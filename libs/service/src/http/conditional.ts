import { hash } from 'node:crypto';

/** A strong entity tag for a representation of a version. `representation` must differ for different bodies of the same version. */
export const etagOf = (version: string, representation: string): string =>
  `"${version}-${hash('sha1', representation, 'hex').slice(0, 12)}"`;

/** The entity tags of an If-None-Match header, without the marks of weak ones. */
export const entityTags = (ifNoneMatch: string | undefined): string[] =>
  ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];

/** Whether an If-None-Match header has this entity tag or `*` (RFC 9110, 13.1.2): then a GET returns 304. */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  entityTags(ifNoneMatch).some((tag) => tag === '*' || tag === etag);
