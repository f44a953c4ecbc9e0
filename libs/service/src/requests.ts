import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { loggedUrl } from './logged-url.ts';
import type { Logger } from './logger.ts';

/** Browsers take every answer for what its Content-Type says, never for what its bytes look like. */
export const NOSNIFF = { 'x-content-type-options': 'nosniff' } as const;

/** The header that carries a request's id from the gateway through every service into the job and its log lines. */
export const REQUEST_ID = 'x-request-id';

const acceptable = /^[\w.:-]{1,128}$/;
const boot = randomBytes(6).toString('hex');
let count = 0;

/** The caller's request id where it is one; else a new one, unique over processes and restarts. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[REQUEST_ID];
  if (typeof given === 'string' && acceptable.test(given)) return given;
  count = (count + 1) >>> 0;
  return `${boot}-${count.toString(36)}`;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** what a handler has to say of what it did, for the request's line in the log */
    facts: object | undefined;
  }
}

/**
 * Every answer names its request; one log line a request. Quick successful reads are logged at debug, because writing
 * a line costs as much as answering them; what changes something, fails or takes long is logged at info.
 * The hooks take callbacks: a promise each would be felt at tens of thousands of requests a second.
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
      // In this order: the route's options are put together anew each time they are asked for.
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
