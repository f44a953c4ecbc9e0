import { courseSettings } from '@almanac/profiles';
import { connectRedis, loggerFromEnv, main, readConfig, serve } from '@almanac/service';
import { buildApp } from './app.ts';
import { Env } from './env.ts';
import { warnIfUnlimited } from './load/warn-unlimited.ts';
import { readSources } from './source/sources.ts';

const logger = loggerFromEnv('ingest');
await main(logger, async () => {
  const env = readConfig(Env);
  const redis = connectRedis('data', env, { logger });
  const app = await buildApp({
    redis,
    logger,
    limits: { maxBytes: env.MAX_BODY_BYTES, stallSeconds: env.STALL_SECONDS },
    course: courseSettings(env),
    sources: readSources(env.ALMANAC_SOURCES),
  });
  redis.once('ready', () => void warnIfUnlimited(redis, app.log));
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    isBehindGateway: !env.API_ON_TCP,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => redis.disconnect()],
  });
});
