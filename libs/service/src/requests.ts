import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { loggedUrl } from './logged-url.ts';
import type { Logger } from './logger.ts';

/** Browsers must use the Content-Type of a response and not guess it from its bytes. */
export const NOSNIFF = { 'x-content-type-options': 'nosniff' } as const;

/** The header with the id of a request, from the gateway through every service into the job and the logs. */
export const REQUEST_ID = 'x-request-id';

const acceptable = /^[\w.:-]{1,128}$/;
const boot = randomBytes(6).toString('hex');
let count = 0;

/** The caller's request id if it is valid, else a new one that is unique across processes and restarts. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[REQUEST_ID];
  if (typeof given === 'string' && acceptable.test(given)) return given;
  count = (count + 1) >>> 0;
  return `${boot}-${count.toString(36)}`;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** fields that a handler adds to the log line of the request */
    facts: object | undefined;
  }
}

/**
 * Sets the request id on every response and logs one line per request. Fast successful reads are logged at debug, because a line costs as
 * much as the read itself; writes, failures and slow requests at info. The hooks use callbacks, because a promise in each would be
 * noticeable at tens of thousands of requests per second.
 */
export const requests = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.decorateRequest('facts', undefined);
    app.addHook('onRequest', (request, reply, done) => {
      reply.header(REQUEST_ID, request.id).headers(NOSNIFF);
      done();
    });
    const isVerbose = (app.log as Logger).isLevelEnabled('debug');
    app.addHook('onResponse', (request, reply, done) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      // routeOptions comes last, because Fastify builds it anew on each access.
      const isQuiet = (isRead && reply.statusCode < 400 && reply.elapsedTime < 500) || request.routeOptions.logLevel === 'warn';
      if (!isQuiet || isVerbose) {
        const ms = Math.round(reply.elapsedTime * 10) / 10;
        const line = { method: request.method, url: loggedUrl(request.url), status: reply.statusCode, ms, ...request.facts };
        request.log[isQuiet ? 'debug' : 'info'](line, 'request');
      }
      done();
    });
  },
  { name: 'requests' },
);
