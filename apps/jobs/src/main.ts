import { JobQueue, type Observer, ServerWatch, startObserver } from '@almanac/job-queue';
import { courseSettings } from '@almanac/profiles';
import { connectRedis, guardScripts, loggerFromEnv, main, readConfig, serve, storeCheck, writesCheck } from '@almanac/service';
import { ImageStore, ResultIndex, ResultStore } from '@almanac/store';
import { buildApp } from './app.ts';
import { Env } from './env.ts';
import { audits } from './housekeeping/audits.ts';
import { type Chore, startHousekeeping } from './housekeeping/housekeeping.ts';
import { oldRecords } from './housekeeping/old-records.ts';
import { resultsQuota } from './housekeeping/results-quota.ts';
import { Catalogue } from './submit/catalogue.ts';

const logger = loggerFromEnv('jobs');
await main(logger, async () => {
  const env = readConfig(Env);
  const [data, queue, results] = [
    connectRedis('data', env, { logger }),
    connectRedis('queue', env, { logger }),
    connectRedis('results', env, { logger }),
  ];
  const jobs = new JobQueue(queue, { queue: 'plot' });
  const observers: Observer[] = [];
  const observe = (name: string) =>
    void observers.push(startObserver({ redis: queue, queue: name, logger, lostAfterMs: env.WORKER_LOST_AFTER_MS }));
  observe('plot');
  const checks = { data: storeCheck(data), queue: storeCheck(queue), results: storeCheck(results) };
  const chores: Chore[] = [];
  const app = await buildApp({
    jobs,
    catalogue: new Catalogue(data),
    results: new ResultStore(results),
    images: new ImageStore(results),
    server: new ServerWatch(queue, logger, { durability: env.JOB_DURABILITY }),
    course: courseSettings(env),
    redis: queue,
    limits: { depth: env.QUEUE_LIMIT },
    recordsBytes: env.JOB_RECORDS_QUOTA_MB * 1e6,
    onHousekeeping: (chore) => void chores.push(chore),
    durability: env.JOB_DURABILITY,
    onQueue: observe,
    checks,
    neighbours: {
      queueWrites: writesCheck(queue, '{hotqueue:plot}:unused'),
      resultsWrites: writesCheck(results, 'result:unused'),
    },
    logger,
  });
  const stopGuard = guardScripts(env, { logger });
  const { metrics } = app;
  const housekeeping = startHousekeeping(
    [
      ...chores,
      oldRecords(jobs, env.JOB_RECORD_DAYS, logger),
      audits({ redis: queue, jobs, metrics, logger }),
      resultsQuota({ index: new ResultIndex(results), jobs, quotaBytes: env.RESULTS_QUOTA_MB * 1e6, metrics, logger }),
    ],
    logger,
  );
  const connections = [data, queue, results].map((redis) => () => redis.disconnect());
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    isBehindGateway: !env.API_ON_TCP,
    drainSeconds: env.DRAIN_SECONDS,
    close: [
      () => observers.forEach((observer) => void observer.stop()),
      () => housekeeping.stop(),
      () => jobs.close(),
      stopGuard,
      ...connections,
    ],
  });
});
