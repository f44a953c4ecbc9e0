import { connectRedis, createLogger, main, readConfig, serve } from '@almanac/service';
import { DatasetReader } from '@almanac/store';
import { buildApp } from './app.ts';
import { Env } from './env.ts';

const logger = createLogger('query', process.env.LOG_LEVEL || 'info');
await main(logger, async () => {
  const env = readConfig(Env);
  const redis = connectRedis('data', env, { logger });
  const reader = new DatasetReader(redis, { cacheBytes: env.READ_CACHE_MB << 20 });
  const app = await buildApp({ redis, reader, logger });
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => redis.disconnect()],
  });
});
