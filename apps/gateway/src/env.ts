import { requestLimits } from '@almanac/domain';
import { ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';
import { PRIVATE_NETWORKS } from './access/networks.ts';
import { tokenList } from './access/write-tokens.ts';

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
  UPSTREAM_CONNECTIONS: Type.Integer({
    default: requestLimits.connections.value,
    minimum: 2,
    description: 'connections to each service for requests that are answered at once; one client may hold as many as are still free',
  }),
  UPSTREAM_STREAMS: Type.Integer({
    default: requestLimits.streams.value,
    minimum: 2,
    description: 'event streams and waits for a job at each service; one client may hold as many as are still free',
  }),
  UPSTREAM_WAIT_MS: Type.Integer({
    default: requestLimits.waitMs.value,
    minimum: 100,
    description: 'milliseconds a request may wait for a connection to a service before it gets 503',
  }),
  MIN_BYTES_PER_SECOND: Type.Integer({
    default: requestLimits.bodyRate.value,
    minimum: 0,
    description: 'bytes a second at which a client must send a body and read an answer, on average over 30 s and 120 s; 0: no bound',
  }),
  TRUST_PROXY_HOPS: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'proxies in front whose X-Forwarded-For, -Host and -Prefix are believed; 0: the client is who opened the connection (a proxy on this machine may still set X-Forwarded-Prefix)',
  }),
  PUBLIC_HOSTS: Type.Optional(
    Type.String({
      description:
        'names that callers reach the gateway by, several between commas; without a write token a Host is refused that is neither one of them nor an IP address, localhost or the name of the machine; *: every Host',
    }),
  ),
  PUBLIC_BASE_PATH: Type.String({
    default: '/',
    description: 'path under which callers reach the gateway, such as /almanac, whether or not a proxy takes it off; it is in every link',
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({ description: 'origins such as https://host whose web pages may write, several between commas; every page may read' }),
  ),
  METRICS_FROM: Type.String({
    default: PRIVATE_NETWORKS,
    description: 'networks that may read /metrics of the gateway without a proxy in between, several between commas; none: no one',
  }),
});
