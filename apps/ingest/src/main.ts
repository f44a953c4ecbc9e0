import { connectRedis, createLogger, main, RedisEnv, readConfig, ServiceEnv, serve } from '@almanac/service';
import { Type } from 'typebox';
import { buildApp } from './app.ts';

export const Env = Type.Interface([ServiceEnv, RedisEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5001, description: 'TCP port to listen on' }),
  MAX_BODY_BYTES: Type.Integer({ minimum: 1, default: 2 ** 31, description: 'bytes one data set may come in, as sent and as unpacked' }),
  STALL_SECONDS: Type.Number({ exclusiveMinimum: 0, default: 30, description: 'how long a body may pause before its load is given up' }),
});

const logger = createLogger('ingest', process.env.LOG_LEVEL || 'info');
await main(logger, async () => {
  const env = readConfig(Env);
  const redis = connectRedis('data', env, { logger });
  const app = await buildApp({ redis, logger, limits: { maxBytes: env.MAX_BODY_BYTES, stallSeconds: env.STALL_SECONDS } });
  await serve(app, {
    host: env.HOST,
    port: env.PORT,
    socket: env.SOCKET,
    drainSeconds: env.DRAIN_SECONDS,
    close: [() => redis.disconnect()],
  });
});
