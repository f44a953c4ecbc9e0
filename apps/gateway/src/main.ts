import { loggerFromEnv, main, readConfig, serve } from '@almanac/service';
import { buildApp } from './app.ts';
import { Env } from './env.ts';

const logger = loggerFromEnv('gateway');
await main(logger, async () => {
  const env = readConfig(Env);
  const app = await buildApp({
    services: { ingest: env.ALMANAC_INGEST_URL, query: env.ALMANAC_QUERY_URL, jobs: env.ALMANAC_JOBS_URL },
    logger,
    limits: {
      connections: env.UPSTREAM_CONNECTIONS,
      streams: env.UPSTREAM_STREAMS,
      waitMs: env.UPSTREAM_WAIT_MS,
      bytesPerSecond: env.MIN_BYTES_PER_SECOND,
    },
    access: {
      writeTokens: env.ALMANAC_WRITE_TOKEN,
      perMinute: env.RATE_LIMIT_PER_MINUTE,
      burst: env.RATE_LIMIT_BURST,
      proxies: env.TRUST_PROXY_HOPS,
      hosts: env.PUBLIC_HOSTS ?? '',
      corsOrigins: env.CORS_ORIGINS,
      metricsFrom: env.METRICS_FROM,
    },
    basePath: env.PUBLIC_BASE_PATH,
  });
  logger.info(
    env.ALMANAC_WRITE_TOKEN === undefined
      ? 'anyone can write: ALMANAC_WRITE_TOKEN is not set'
      : 'write requests require ALMANAC_WRITE_TOKEN',
  );
  await serve(app, { host: env.HOST, port: env.PORT, socket: env.SOCKET, drainSeconds: env.DRAIN_SECONDS });
});
