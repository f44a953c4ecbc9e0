import { ProblemError } from '@almanac/domain';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** The routes of a service behind the gateway on its TCP port if it has a Unix socket: probes, metrics and OpenAPI. */
const tcpRoutes: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', '/metrics', '/openapi.json']);

const REFUSAL = 'This port serves only /livez, /readyz, /metrics and /openapi.json. Send other requests to the gateway.';

declare module 'fastify' {
  interface FastifyInstance {
    /** whether the API is served on the Unix socket only; set before the service listens */
    isApiOnSocketOnly: boolean;
  }
}

/**
 * Protects the services behind the gateway from web pages. The gateway checks the write token, Origin and Host; a page that reaches the TCP
 * port of a service would bypass these checks. A page cannot reach a Unix socket.
 */
export const tcpGuard = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.decorate('isApiOnSocketOnly', false);
    app.addHook('onRequest', (request, _, done) => {
      // A connection of a Unix socket has no port.
      const isRefused = app.isApiOnSocketOnly && request.socket.remotePort !== undefined && !tcpRoutes.has(request.routeOptions.url);
      done(isRefused ? new ProblemError('not-found', REFUSAL) : undefined);
    });
  },
  { name: 'tcp-guard' },
);
