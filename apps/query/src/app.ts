import { type App, createApp, type Logger, storeCheck } from '@almanac/service';
import { type DatasetReader, LAYOUT } from '@almanac/store';
import type { Redis } from 'ioredis';
import { getDataset } from './routes/v1/get-dataset.ts';
import { getRecord } from './routes/v1/get-record.ts';
import { getRecords } from './routes/v1/get-records.ts';
import { listDatasets } from './routes/v1/list-datasets.ts';
import { listRejects } from './routes/v1/list-rejects.ts';

export const version = '0.1.0';

export interface QueryContext {
  redis: Redis;
  reader: DatasetReader;
}

/** Reads: data sets, their records, and the rows that were kept apart. */
export async function buildApp({ redis, reader, logger }: QueryContext & { logger?: Logger }): Promise<App> {
  const app = await createApp({
    service: 'query',
    version,
    description: 'Reads data sets: described, by page, by key, filtered, or whole; as JSON, NDJSON, CSV or Arrow.',
    checks: { store: storeCheck(redis) },
    contracts: { store: LAYOUT },
    ...(logger === undefined ? {} : { logger }),
  });
  const context: QueryContext = { redis, reader };
  await app.register(listDatasets, context);
  await app.register(getDataset, context);
  await app.register(getRecords, context);
  await app.register(getRecord, context);
  await app.register(listRejects, context);
  return app;
}
