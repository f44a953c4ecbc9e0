import { loadLimits } from '@almanac/domain';
import { formatIds } from '@almanac/formats';
import type { CourseSettings } from '@almanac/profiles';
import { type App, createApp, finishBody, type Logger, storeCheck, writesCheck } from '@almanac/service';
import type { Redis } from 'ioredis';
import manifest from '../package.json' with { type: 'json' };
import type { BodyLimits } from './body/read-body.ts';
import type { Context } from './context.ts';
import { loadMetrics } from './load/load-metrics.ts';
import { loadPlaces } from './load/load-places.ts';
import { deleteData } from './routes/course/delete-data.ts';
import { makeRecords } from './routes/course/make-records.ts';
import { postData } from './routes/course/post-data.ts';
import { createDataset } from './routes/v1/create-dataset.ts';
import { deleteDataset } from './routes/v1/delete-dataset.ts';
import { putDataset } from './routes/v1/put-dataset.ts';
import { LoadAtStart } from './source/load-at-start.ts';

const defaults: BodyLimits = { maxBytes: loadLimits.bodyBytes.value, stallSeconds: 30 };

export interface IngestOptions {
  redis: Redis;
  logger?: Logger;
  limits?: Partial<BodyLimits>;
  course: CourseSettings;
  /** profile -> file or URL that replaces its source */
  sources?: ReadonlyMap<string, string>;
}

/** Loads bodies of any known format as data sets. A load succeeds as a whole or changes nothing. */
export async function buildApp({ redis, logger, limits = {}, course, sources = new Map() }: IngestOptions): Promise<App> {
  const context: Context = { redis, limits: { ...defaults, ...limits }, places: loadPlaces(), sources };
  const loadsAtStart = course.isApplication && course.defaultProfile.loadsAtStart;
  let loading: LoadAtStart | undefined;
  const app = await createApp({
    service: 'ingest',
    version: manifest.version,
    description: `Loads data sets from files: ${formatIds.map((id) => id.toUpperCase()).join(', ')}; gzipped or not.`,
    ...(logger === undefined ? {} : { logger }),
    checks: { store: storeCheck(redis), ...(loadsAtStart ? { source: async () => loading?.check() } : {}) },
    neighbours: { writes: writesCheck(redis, 'ds:unused') },
    contracts: { store: 1 },
  });
  // The routes read every body as a stream, whatever its Content-Type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  await app.register(finishBody);
  await app.register(loadMetrics);
  await app.register(putDataset, context);
  await app.register(createDataset, context);
  await app.register(deleteDataset, context);
  await app.register(postData, { context, course });
  await app.register(deleteData, { context, course });
  await app.register(makeRecords, { context, course });
  if (loadsAtStart) {
    const atStart = new LoadAtStart(app, context);
    loading = atStart;
    app.addHook('onListen', async () => atStart.start(course));
    app.addHook('preClose', () => atStart.stop());
  }
  return app;
}
