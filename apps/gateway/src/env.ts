import { ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';
import { tokenList } from './door/write-tokens.ts';

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
  ALMANAC_WRITE_TOKEN: Type.Optional(
    Type.String({
      pattern: tokenList,
      writeOnly: true,
      description: 'what changes something needs `Authorization: Bearer` with this; several between commas; not set: everybody may write',
    }),
  ),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    default: 0,
    minimum: 0,
    description: 'requests a minute of one client (a token, or an address); each replica counts for itself; 0: no limit',
  }),
  RATE_LIMIT_BURST: Type.Optional(
    Type.Integer({ minimum: 1, description: 'how many of them may come at once (default: those of a minute)' }),
  ),
  TRUST_PROXY_HOPS: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'proxies in front whose X-Forwarded-For is believed, and through which /metrics is not shown; 0: the client is who opened the connection',
  }),
});
