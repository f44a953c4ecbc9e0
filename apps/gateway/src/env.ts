import { requestLimits } from '@almanac/domain';
import { ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';
import { PRIVATE_NETWORKS } from './access/networks.ts';
import { tokenList } from './access/write-tokens.ts';

const address = (service: string, port: number) =>
  Type.String({
    default: `http://127.0.0.1:${port}`,
    description: `address of ${service}: http://host:port or unix:<path>; several are separated by commas`,
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
      description: 'bearer token for write requests (`Authorization: Bearer`); several are separated by commas; if unset, anyone can write',
    }),
  ),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    default: 0,
    minimum: 0,
    description: 'requests per minute that one client (a token or an address) may send to each replica; 0: no limit',
  }),
  RATE_LIMIT_BURST: Type.Optional(
    Type.Integer({ minimum: 1, description: 'requests that one client may send at once (default: RATE_LIMIT_PER_MINUTE)' }),
  ),
  UPSTREAM_CONNECTIONS: Type.Integer({
    default: requestLimits.connections.value,
    minimum: 2,
    description: 'connections to each service for short requests; a client may hold at most as many as are still free',
  }),
  UPSTREAM_STREAMS: Type.Integer({
    default: requestLimits.streams.value,
    minimum: 2,
    description: 'connections to each service for event streams and waits for a job; a client may hold at most as many as are still free',
  }),
  UPSTREAM_WAIT_MS: Type.Integer({
    default: requestLimits.waitMs.value,
    minimum: 100,
    description: 'milliseconds that a request waits for a connection to a service before it gets 503',
  }),
  MIN_BYTES_PER_SECOND: Type.Integer({
    default: requestLimits.bodyRate.value,
    minimum: 0,
    description: 'bytes per second at which a client must send a body (on average over 30 s) and read a response (over 120 s); 0: no limit',
  }),
  TRUST_PROXY_HOPS: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'number of proxies in front of the gateway whose X-Forwarded-For, -Host and -Prefix headers are trusted; 0: the client is the peer of the connection (a proxy on this machine may still set X-Forwarded-Prefix)',
  }),
  PUBLIC_HOSTS: Type.Optional(
    Type.String({
      description:
        'host names of the gateway, separated by commas; without a write token, the Host header must be one of them, an IP address, localhost or the name of the machine; *: any Host',
    }),
  ),
  PUBLIC_BASE_PATH: Type.String({
    default: '/',
    description: 'path under which callers reach the gateway, such as /almanac, whether or not a proxy strips it; every link contains it',
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      description: 'origins such as https://host whose web pages may write, separated by commas; pages of any origin may read',
    }),
  ),
  METRICS_FROM: Type.String({
    default: PRIVATE_NETWORKS,
    description: 'networks that may read /metrics of the gateway, directly and not through a proxy, separated by commas; none: no network',
  }),
});
