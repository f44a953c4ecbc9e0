import type { RedisOptions } from 'ioredis';
import { ConfigError, type RedisEnv } from './config.ts';
import { readTls } from './redis-tls.ts';

/** The three parts of the store; each may be in a Redis of its own. */
export type RedisRole = 'data' | 'queue' | 'results';
const databases: Record<RedisRole, number> = { data: 0, queue: 1, results: 2 };

/** The options of ioredis that an address sets. */
export type StoreAddress = Pick<RedisOptions, 'host' | 'port' | 'path' | 'db' | 'username' | 'password' | 'tls'>;

/**
 * Connection options for one role: its own URL, else REDIS_URL, else REDIS_IP, with the role's database unless the URL has one.
 * Throws ConfigError for an invalid address or certificate. No message contains a password.
 */
export function redisOptions(role: RedisRole, env: RedisEnv): StoreAddress {
  const own = `REDIS_${role.toUpperCase()}_URL` as keyof RedisEnv;
  const variable = env[own] === undefined ? 'REDIS_URL' : own;
  const text = env[variable] ?? (env.REDIS_IP === undefined ? undefined : `redis://${env.REDIS_IP}:6379`);
  if (text === undefined) {
    throw new ConfigError([`REDIS_URL is not set (nor REDIS_IP, nor ${own}): the address of the store, e.g. redis://127.0.0.1:6379`]);
  }
  if (text.startsWith('unix:')) return { path: text.slice('unix:'.length), db: databases[role] };
  const { isTls, ...address } = parseRedisUrl(text, variable);
  return { ...address, db: address.db ?? databases[role], ...tlsOf(variable, isTls, env) };
}

function tlsOf(variable: string, isTls: boolean, env: RedisEnv): Pick<StoreAddress, 'tls'> {
  const tls = readTls(env);
  if (isTls) return { tls };
  // An operator who configures certificates expects an encrypted connection.
  if (Object.keys(tls).length > 0) throw new ConfigError([`REDIS_TLS_* is set, but ${variable} does not use TLS: use rediss:`]);
  return {};
}

function parseRedisUrl(text: string, variable: string): StoreAddress & { isTls: boolean } {
  const wrong = (what: string) => new ConfigError([`${variable}${shownHost(text)} ${what}`]);
  const url = URL.parse(text);
  if (url === null || !text.includes('://'))
    throw wrong('is not a URL: use redis://host:6379 or unix:/path/to/socket; encode / ? # @ : in a password as %2F %3F %23 %40 %3A');
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw wrong(`starts with '${url.protocol}': use redis:, rediss: (TLS) or unix:<path>`);
  const path = /^\/?(\d*)$/.exec(url.pathname);
  // In a password, one of these characters ends the host, and the rest becomes the path.
  if (path === null || url.search !== '' || url.hash !== '' || url.hostname === '')
    throw wrong('must have only a host, a port and a database number: encode / ? # @ in a password as %2F %3F %23 %40');
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? 6379 : Number(url.port),
      ...(path[1] === '' ? {} : { db: Number(path[1]) }),
      ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
      isTls: url.protocol === 'rediss:',
    };
  } catch {
    throw wrong('has an invalid % in the user or the password: write %25 for a percent sign');
  }
}

/** The host and port of an address; '' if they cannot be distinguished from a password. */
function shownHost(text: string): string {
  const [, before, host] = /^(.*@)?([^@]*)$/s.exec(text.replace(/^\w+:\/\//, '')) ?? [];
  const pattern = before === undefined ? /^[a-z0-9.-]+:\d{1,5}(\/\d*)?$/i : /^[\w.:[\]-]+(\/\d*)?$/;
  return host !== undefined && pattern.test(host) ? ` (…${host})` : '';
}
