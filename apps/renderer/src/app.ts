import { type App, createApp, createLogger, Gauge, type Logger, type ReadinessCheck } from '@almanac/service';
import type { Counts } from './counts.ts';
import type { DrawPool } from './draw/pool.ts';

export const version = '0.1.0';

export interface RendererOptions {
  pool: Pick<DrawPool, 'alive' | 'check'>;
  counts?: Counts;
  /** what every job needs: the stores */
  checks?: Readonly<Record<string, ReadinessCheck>>;
  /** what a job can wait for: query */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  logger?: Logger;
}

/** The renderer's port serves only health and metrics; its jobs come from the queue. */
export async function buildApp({
  pool,
  counts,
  checks = {},
  neighbours = {},
  logger = createLogger('renderer', 'silent'),
}: RendererOptions): Promise<App> {
  const app = await createApp({
    service: 'renderer',
    version,
    description: 'Takes jobs of the plot and statistics processes from the queue and runs them.',
    logger,
    checks: { ...checks, drawing: async () => pool.check() },
    neighbours,
    contracts: { queue: 1, results: 1 },
  });
  new Gauge({
    name: 'renderer_drawing_processes',
    help: 'running drawing processes',
    registers: [app.metrics],
    collect() {
      this.set(pool.alive);
    },
  });
  counts?.register(app.metrics);
  return app;
}
