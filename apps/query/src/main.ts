import { courseSettings } from '@almanac/profiles';
import { connectRedis, loggerFromEnv, main, readConfig, serve } from '@almanac/service';
import { buildApp } from './app.ts';
import { Env } from './env.ts';
import { Geopositions } from './geoposition/index.ts';

const logger = loggerFromEnv('query');
await main(logger, async () => {
  const env = readConfig(Env);
  const redis = connectRedis('data', env, { logger });
  const places = new Geopositions(env.SEA_POLYGONS === undefined ? {} : { seaPolygons: env.SEA_POLYGONS });
  const app = await buildApp({
    redis,
    logger,
    cacheBytes: env.READ_CACHE_MB * 2 ** 20,
    course: courseSettings(env),
    place: (latitudeDeg, longitudeDeg) => places.at(latitudeDeg, longitudeDeg),
  });
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    isBehindGateway: !env.API_ON_TCP,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => redis.disconnect()],
  });
});
