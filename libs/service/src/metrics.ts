import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { histogram } from './metric.ts';

export { Counter, Registry } from 'prom-client';

declare module 'fastify' {
  interface FastifyInstance {
    /** the Prometheus registry of this service */
    metrics: Registry;
  }
}

/** Adds /metrics in the Prometheus text format: the process, and requests by route pattern, method and status. */
export const metrics = fastifyPlugin(
  async (app: FastifyInstance, { service }: { service: string }) => {
    const registry = new Registry();
    registry.setDefaultLabels({ service });
    // The event loop delay is sampled by a timer. The default of 100 samples per second would cost more than an idle service does.
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
    const seconds = histogram(registry, 'http_request_duration_seconds');
    app.decorate('metrics', registry);
    app.addHook('onResponse', (request, reply, done) => {
      seconds.observe(
        { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
        reply.elapsedTime / 1000,
      );
      done();
    });
    app.get('/metrics', { schema: { hide: true }, logLevel: 'warn' }, async (_, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    );
  },
  { name: 'metrics' },
);
