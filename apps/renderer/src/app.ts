import { type App, createApp, createLogger, gauge, type Logger, type ReadinessCheck } from '@almanac/service';
import manifest from '../package.json' with { type: 'json' };
import type { Counts } from './counts.ts';
import type { DrawPool } from './draw/pool.ts';

export interface RendererOptions {
  pool: Pick<DrawPool, 'alive' | 'check'>;
  counts?: Counts;
  /** what a drawing cannot do without: the stores */
  checks?: Readonly<Record<string, ReadinessCheck>>;
  /** what it can wait for: query */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  logger?: Logger;
}

/** The renderer's own port answers for its health and its numbers alone; its work comes from the queue. */
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
    description: 'Takes plot jobs from the queue and draws them.',
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
