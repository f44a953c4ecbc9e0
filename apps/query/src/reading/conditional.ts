import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A strong tag of one version in one form: another media type or query of the same version has another tag. */
export const versionTag = (version: string, form: string): string => `"${version}-${hash('sha256', form, 'hex').slice(0, 12)}"`;

/** A strong tag of one record: of its bytes alone, so that a change to another record does not touch it. */
export const recordTag = (row: Buffer): string => `"${hash('sha256', row, 'base64url').slice(0, 22)}"`;

/**
 * Sets what makes an answer cacheable under its tag. True: the client has exactly this (If-None-Match, RFC 9110 13.1.2),
 * and 304 without a body is the whole answer.
 */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag).header('cache-control', 'no-cache').header('vary', 'Accept');
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const tags = known.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
