import { type App, createApp, createLogger, gauge, type Logger, type ReadinessCheck } from '@almanac/service';
import manifest from '../package.json' with { type: 'json' };
import type { Counts } from './counts.ts';
import type { DrawPool } from './draw/pool.ts';

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
    version: manifest.version,
    description: 'Takes jobs of the plot and statistics processes from the queue and runs them.',
    logger,
    checks: { ...checks, drawing: async () => pool.check() },
    neighbours,
    contracts: { queue: 1, results: 1 },
  });
  gauge(app.metrics, 'renderer_drawing_processes', function () {
    this.set(pool.alive);
  });
  counts?.register(app.metrics);
  return app;
}
