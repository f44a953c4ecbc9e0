import { readLimits } from '@almanac/domain';
import type { CourseSettings, Place } from '@almanac/profiles';
import { type App, createApp, type Logger, storeCheck } from '@almanac/service';
import { DatasetReader } from '@almanac/store';
import type { Redis } from 'ioredis';
import manifest from '../package.json' with { type: 'json' };
import { ColumnCache } from './columns/column-cache.ts';
import type { Context } from './context.ts';
import { CourseSets } from './dialect/course-sets.ts';
import { getData } from './routes/course/get-data.ts';
import { getDataRecord } from './routes/course/get-data-record.ts';
import { getKeys } from './routes/course/get-keys.ts';
import { profileRoutes } from './routes/course/profile-routes.ts';
import { getDataset } from './routes/v1/get-dataset.ts';
import { getRecord } from './routes/v1/get-record.ts';
import { getRecords } from './routes/v1/get-records.ts';
import { listDatasets } from './routes/v1/list-datasets.ts';
import { listRejects } from './routes/v1/list-rejects.ts';
import { searchRecords } from './routes/v1/search-records.ts';
import { Searches, type SearchLimits } from './searches.ts';

export interface QueryOptions {
  redis: Redis;
  logger?: Logger;
  /** budget for everything that reads keep in memory */
  cacheBytes: number;
  /** overrides of the limits on searches */
  searchLimits?: Partial<SearchLimits>;
  course: CourseSettings;
  /** returns the place under a position, in degrees */
  place(latitudeDeg: number, longitudeDeg: number): Promise<Place>;
}

/** The query service: reads of data sets by key, by page, by filter and whole. A response is never older than its request. */
export async function buildApp({ redis, logger, cacheBytes, searchLimits = {}, course, place }: QueryOptions): Promise<App> {
  const context: Context = {
    redis,
    reader: new DatasetReader(redis, { cacheBytes }),
    columns: new ColumnCache(cacheBytes),
    searches: new Searches(searchLimits),
  };
  const app = await createApp({
    service: 'query',
    version: manifest.version,
    description: 'Reads the records of data sets by key, by page, by filter or all at once, as JSON, NDJSON, CSV or Arrow.',
    ...(logger === undefined ? {} : { logger }),
    checks: { store: storeCheck(redis) },
    contracts: { store: 1 },
  });
  // Closes the connection of a client that reads nothing, also if the whole response is written already. Waiting for a source takes up to a minute.
  app.server.setTimeout(readLimits.stallMs.value * 1.5);
  await app.register(listDatasets, context);
  await app.register(getDataset, context);
  await app.register(getRecords, context);
  await app.register(searchRecords, context);
  await app.register(getRecord, context);
  await app.register(listRejects, context);
  const sets = new CourseSets(redis, context.reader, course);
  await app.register(getData, { context, sets });
  await app.register(getKeys, { context, sets });
  await app.register(getDataRecord, { context, sets });
  await app.register(profileRoutes, { context, sets, edition: course.edition, place });
  return app;
}
