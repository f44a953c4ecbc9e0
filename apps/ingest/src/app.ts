import { type App, createApp, type Logger, storeCheck } from '@almanac/service';
import type { Redis } from 'ioredis';
import { finishBody } from './body/finish-body.ts';
import type { BodyLimits } from './body/read-body.ts';
import type { Context } from './context.ts';
import { loadMetrics } from './load/load-metrics.ts';
import { createDataset } from './routes/v1/create-dataset.ts';
import { deleteDataset } from './routes/v1/delete-dataset.ts';
import { putDataset } from './routes/v1/put-dataset.ts';

export const version = '0.1.0';

export interface IngestOptions {
  redis: Redis;
  logger?: Logger;
  limits?: Partial<BodyLimits>;
}

/** Takes data in: a body of any known format becomes a data set, whole or not at all. */
export async function buildApp({ redis, logger, limits = {} }: IngestOptions): Promise<App> {
  const context: Context = { redis, limits: { maxBytes: 2 ** 31, stallSeconds: 30, ...limits } };
  const app = await createApp({
    service: 'ingest',
    version,
    description: 'Takes data sets in: CSV, TSV, JSON or NDJSON, gzipped or not.',
    ...(logger === undefined ? {} : { logger }),
    checks: { store: storeCheck(redis) },
    contracts: { store: 1 },
  });
  // Bodies are streams here, whatever they say they are: the routes read them as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  await app.register(finishBody);
  await app.register(loadMetrics);
  await app.register(putDataset, context);
  await app.register(createDataset, context);
  await app.register(deleteDataset, context);
  return app;
}
