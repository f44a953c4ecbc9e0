import { connectRedis, loggerFromEnv, main, readConfig, serve, storeCheck } from '@almanac/service';
import { ResultStore } from '@almanac/store';
import { buildApp } from './app.ts';
import { Counts } from './counts.ts';
import { DrawPool } from './draw/pool.ts';
import { drawingLimits } from './drawing-limits.ts';
import { Env } from './env.ts';
import { QueryClient } from './query-client.ts';
import { createWorker } from './worker.ts';

const logger = loggerFromEnv('renderer');
await main(logger, async () => {
  const env = readConfig(Env);
  const [queue, blocking] = [connectRedis('queue', env, { logger }), connectRedis('queue', env, { logger, blocking: true })];
  const store = connectRedis('results', env, { logger });
  const query = new QueryClient(env.ALMANAC_QUERY_URL);
  const { children, childMb } = drawingLimits({ children: env.RENDER_CHILDREN, childMb: env.RENDER_CHILD_MB });
  const { RENDER_DEADLINE_MS: deadlineMs, RENDER_HEAP_MB: heapMb } = env;
  const counts = new Counts();
  const pool = await new DrawPool({ children, childMb, deadlineMs, heapMb, logger, onEnd: counts.childEnded }).start();
  const tools = { query, pool, results: new ResultStore(store) };
  const worker = createWorker({
    redis: queue,
    blocking,
    tools,
    concurrency: children,
    logger,
    counts,
    lostAfterMs: env.WORKER_LOST_AFTER_MS,
  });
  const checks = { queue: storeCheck(queue), results: storeCheck(store) };
  const app = await buildApp({
    pool,
    counts,
    checks,
    neighbours: { query: () => query.ready() },
    logger,
  });
  worker.start();
  const connections = [queue, blocking, store].map((redis) => () => redis.disconnect());
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    isBehindGateway: !env.API_ON_TCP,
    drainSeconds: env.DRAIN_SECONDS,
    stop: [() => worker.stop()],
    graceMs: env.RENDER_DEADLINE_MS + 5_000,
    close: [() => pool.close(), () => query.close(), ...connections],
  });
});
