import { connectRedis, createLogger, main, readConfig, serve } from '@almanac/service';
import { buildApp } from './app.ts';
import { Env } from './env.ts';

const logger = createLogger('query', process.env.LOG_LEVEL || 'info');
await main(logger, async () => {
  const env = readConfig(Env);
  const redis = connectRedis('data', env, { logger });
  const app = await buildApp({ redis, logger, cacheBytes: env.READ_CACHE_MB * 2 ** 20 });
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => redis.disconnect()],
  });
});
