import { counter, histogram, type Registry } from '@almanac/service';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    loads: ReturnType<typeof metricsOf>;
  }
}

const metricsOf = (registry: Registry) => ({
  rows: counter(registry, 'ingest_rows_loaded_total'),
  rejects: counter(registry, 'ingest_rows_rejected_total'),
  seconds: histogram(registry, 'ingest_load_seconds'),
});

/** The metrics of loads. */
export const loadMetrics = fastifyPlugin(async (app: FastifyInstance) => void app.decorate('loads', metricsOf(app.metrics)), {
  name: 'load-metrics',
  dependencies: ['metrics'],
});
