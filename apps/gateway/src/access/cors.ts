import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WritingOrigins } from './origin.ts';

const exposed = 'Link, Location, ETag, Retry-After, Almanac-Version, Almanac-Records, Content-Disposition, RateLimit, RateLimit-Policy';
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const accepted =
  'Accept, Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, If-Range, Last-Event-ID, Prefer, Range, X-Request-Id';
const MAX_AGE_SECONDS = '600';

const forReads = ['access-control-allow-origin', '*', 'access-control-expose-headers', exposed] as const;
const none: readonly string[] = [];

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/**
 * The headers that let pages of other origins read a response (the CORS protocol of the Fetch standard), as name, value, name, value, ...
 * Pages of any origin may read the responses to GET and HEAD, errors included: reads need no credentials. Only pages of CORS_ORIGINS may
 * read the response to a write.
 */
export function corsHeaders({ method, headers }: IncomingMessage, origins: WritingOrigins): readonly string[] {
  if (isRead(method)) return forReads;
  const { origin } = headers;
  if (origin === undefined || !origins.has(origin)) return none;
  return ['access-control-allow-origin', origin, 'vary', 'origin', 'access-control-expose-headers', exposed];
}

/** Whether the request is a CORS preflight: a browser asks whether a page of another origin may send a request. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/** Whether the request that a preflight announces is allowed. */
export function isAllowedByPreflight({ headers }: IncomingMessage, origins: WritingOrigins): boolean {
  return isRead(String(headers['access-control-request-method'])) || origins.has(headers.origin as string);
}

/** Sends the response to an allowed preflight. */
export function respondToPreflight({ headers }: IncomingMessage, response: ServerResponse, origins: WritingOrigins): void {
  const origin = headers.origin as string;
  const mayWrite = origins.has(origin);
  response.writeHead(204, {
    'access-control-allow-origin': mayWrite ? origin : '*',
    'access-control-allow-methods': mayWrite ? methods : 'GET, HEAD',
    'access-control-allow-headers': accepted,
    'access-control-max-age': MAX_AGE_SECONDS,
    vary: 'origin, access-control-request-method',
    'x-content-type-options': 'nosniff',
  });
  response.end();
}
