import { JobQueue, LOST_AFTER_MS, startObserver } from '@almanac/job-queue';
import { connectRedis, createLogger, main, RedisEnv, readConfig, ServiceEnv, serve, storeCheck } from '@almanac/service';
import { ResultStore } from '@almanac/store';
import { Type } from 'typebox';
import { buildApp } from './app.ts';
import { Catalogue } from './catalogue.ts';
import { startHousekeeping } from './housekeeping.ts';

export const Env = Type.Interface([ServiceEnv, RedisEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5003, description: 'TCP port to listen on' }),
  JOB_RECORD_DAYS: Type.Number({ exclusiveMinimum: 0, default: 30, description: 'how long the records of ended jobs are kept' }),
  WORKER_LOST_AFTER_MS: Type.Integer({
    minimum: 200,
    default: LOST_AFTER_MS,
    description: 'silence after which a worker is taken for dead and its jobs go to another',
  }),
});

const logger = createLogger('jobs', process.env.LOG_LEVEL || 'info');
await main(logger, async () => {
  const env = readConfig(Env);
  const [data, queue, results] = (['data', 'queue', 'results'] as const).map((role) => connectRedis(role, env, { logger })) as [
    ReturnType<typeof connectRedis>,
    ReturnType<typeof connectRedis>,
    ReturnType<typeof connectRedis>,
  ];
  const jobs = new JobQueue(queue, { queue: 'plot' });
  const observer = startObserver({ redis: queue, queue: 'plot', logger, lostAfterMs: env.WORKER_LOST_AFTER_MS });
  const housekeeping = startHousekeeping(jobs, { recordDays: env.JOB_RECORD_DAYS, logger });
  const checks = { data: storeCheck(data), queue: storeCheck(queue), results: storeCheck(results) };
  const app = await buildApp({ jobs, catalogue: new Catalogue(data), results: new ResultStore(results), checks, logger });
  const connections = [data, queue, results].map((redis) => () => redis.disconnect());
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => observer.stop(), () => housekeeping.stop(), ...connections],
  });
});
