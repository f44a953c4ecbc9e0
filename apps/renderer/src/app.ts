import { type App, createApp, createLogger, Gauge, type Logger, type ReadinessCheck } from '@almanac/service';
import type { Counts } from './counts.ts';
import type { DrawPool } from './draw/pool.ts';

export const version = '0.1.0';

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
    version,
    description: 'Takes plot jobs from the queue and draws them.',
    logger,
    checks: { ...checks, drawing: async () => pool.check() },
    neighbours,
    contracts: { queue: 1, results: 1 },
  });
  new Gauge({
    name: 'renderer_drawing_processes',
    help: 'drawing processes that are alive',
    registers: [app.metrics],
    collect() {
      this.set(pool.alive);
    },
  });
  counts?.register(app.metrics);
  return app;
}
