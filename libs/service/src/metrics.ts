import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry } from 'prom-client';

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
    const seconds = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'seconds from the request head to the last byte of the response',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers: [registry],
    });
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
