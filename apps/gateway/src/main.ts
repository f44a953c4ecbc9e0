import { createLogger, main, readConfig, ServiceEnv, serve } from '@almanac/service';
import { Type } from 'typebox';
import { buildApp } from './app.ts';

const address = (service: string, port: number) =>
  Type.String({
    default: `http://127.0.0.1:${port}`,
    description: `where ${service} is: http://host:port or unix:<path>, several between commas`,
  });

export const Env = Type.Interface([ServiceEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5000, description: 'TCP port to listen on' }),
  ALMANAC_INGEST_URL: address('ingest', 5001),
  ALMANAC_QUERY_URL: address('query', 5002),
  ALMANAC_JOBS_URL: address('jobs', 5003),
});

const logger = createLogger('gateway', process.env.LOG_LEVEL || 'info');
await main(logger, async () => {
  const env = readConfig(Env);
  const app = await buildApp({
    services: { ingest: env.ALMANAC_INGEST_URL, query: env.ALMANAC_QUERY_URL, jobs: env.ALMANAC_JOBS_URL },
    logger,
  });
  await serve(app, { host: env.HOST, port: env.PORT, socket: env.SOCKET, drainSeconds: env.DRAIN_SECONDS });
});
