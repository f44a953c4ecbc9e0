import { loggerFromEnv, main, readConfig, serve } from '@almanac/service';
import { buildApp } from './app.ts';
import { Env } from './env.ts';

const logger = loggerFromEnv('gateway');
await main(logger, async () => {
  const env = readConfig(Env);
  const app = await buildApp({
    services: { ingest: env.ALMANAC_INGEST_URL, query: env.ALMANAC_QUERY_URL, jobs: env.ALMANAC_JOBS_URL },
    logger,
  });
  await serve(app, { host: env.HOST, port: env.PORT, socket: env.SOCKET, drainSeconds: env.DRAIN_SECONDS });
});
