import { ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

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
