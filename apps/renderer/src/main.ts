import { connectRedis, createLogger, main, RedisEnv, readConfig, ServiceEnv, serve, storeCheck } from '@almanac/service';
import { ResultStore } from '@almanac/store';
import { Type } from 'typebox';
import { buildApp } from './app.ts';
import { DrawPool } from './draw/pool.ts';
import { defaultChildren } from './drawing-limits.ts';
import { QueryClient } from './query-client.ts';
import { createWorker } from './worker.ts';

export const Env = Type.Interface([ServiceEnv, RedisEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5004, description: 'TCP port to listen on' }),
  ALMANAC_QUERY_URL: Type.String({ default: 'http://127.0.0.1:5002', description: 'where query is: http://host:port or unix:<path>' }),
  RENDER_CHILDREN: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 64,
      description: 'drawings side by side (default: processors, or memory / 300 MB where that is less)',
    }),
  ),
  RENDER_DEADLINE_MS: Type.Integer({ minimum: 100, default: 60_000, description: 'the longest one drawing may take' }),
  RENDER_HEAP_MB: Type.Integer({ minimum: 64, default: 256, description: 'heap of one drawing process; its rows lie outside it' }),
});

const logger = createLogger('renderer', process.env.LOG_LEVEL || 'info');
await main(logger, async () => {
  const env = readConfig(Env);
  const [queue, blocking] = [connectRedis('queue', env, { logger }), connectRedis('queue', env, { logger, blocking: true })];
  const store = connectRedis('results', env, { logger });
  const query = new QueryClient(env.ALMANAC_QUERY_URL);
  const children = env.RENDER_CHILDREN ?? defaultChildren();
  const pool = await new DrawPool({ children, deadlineMs: env.RENDER_DEADLINE_MS, heapMb: env.RENDER_HEAP_MB, logger }).start();
  const tools = { query, pool, results: new ResultStore(store) };
  const worker = createWorker({ redis: queue, blocking, tools, concurrency: children, logger });
  const checks = { queue: storeCheck(queue), results: storeCheck(store) };
  const app = await buildApp({ pool, checks, neighbours: { query: () => query.ready() }, logger });
  worker.start();
  const connections = [queue, blocking, store].map((redis) => () => redis.disconnect());
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => worker.stop(), () => pool.close(), () => query.close(), ...connections],
  });
});
