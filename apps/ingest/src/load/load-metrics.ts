import { Counter, Histogram } from '@almanac/service';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    loads: { rows: Counter; rejects: Counter; seconds: Histogram };
  }
}

/** The metrics of loads. */
export const loadMetrics = fastifyPlugin(
  async (app: FastifyInstance) => {
    const registers = [app.metrics];
    app.decorate('loads', {
      rows: new Counter({ name: 'ingest_rows_loaded_total', help: 'rows loaded as records', registers }),
      rejects: new Counter({ name: 'ingest_rows_rejected_total', help: 'rejected rows', registers }),
      seconds: new Histogram({
        name: 'ingest_load_seconds',
        help: 'seconds from the first byte of a body to its committed version',
        buckets: [0.01, 0.05, 0.2, 1, 5, 20, 60, 300],
        registers,
      }),
    });
  },
  { name: 'load-metrics', dependencies: ['metrics'] },
);
