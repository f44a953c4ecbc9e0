import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { histogram } from './metric.ts';

export { Counter, Gauge, Registry } from 'prom-client';

declare module 'fastify' {
  interface FastifyInstance {
    /** this service's Prometheus registry; a service adds its own metrics to it */
    metrics: Registry;
  }
}

/** /metrics in Prometheus' text form: the process, and every request by route pattern, method and status. */
export const metrics = fastifyPlugin(
  async (app: FastifyInstance, { service }: { service: string }) => {
    const registry = new Registry();
    registry.setDefaultLabels({ service });
    // The delay of the event loop is sampled by a timer: ten a second say enough, a hundred would cost more than an idle service does.
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
