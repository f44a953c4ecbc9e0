import { readFileSync } from 'node:fs';
import type { RedisOptions } from 'ioredis';
import { ConfigError, type RedisEnv } from './config.ts';

/** The TLS options of Node that the environment sets. The certificates are PEM text. */
export type RedisTls = NonNullable<RedisOptions['tls']>;

const files = { ca: 'REDIS_TLS_CA', cert: 'REDIS_TLS_CERT', key: 'REDIS_TLS_KEY' } as const;

/** The TLS options for `rediss:` addresses; empty if none is set, so that Node's certificate authorities are used. Throws ConfigError. */
export function readTls(env: RedisEnv): RedisTls {
  if ((env.REDIS_TLS_CERT === undefined) !== (env.REDIS_TLS_KEY === undefined))
    throw new ConfigError(['REDIS_TLS_CERT and REDIS_TLS_KEY belong together: set both or neither']);
  const tls: RedisTls = {};
  for (const [option, variable] of Object.entries(files) as [keyof typeof files, (typeof files)[keyof typeof files]][]) {
    const path = env[variable];
    if (path !== undefined) tls[option] = readPem(variable, path);
  }
  if (env.REDIS_TLS_SERVER_NAME !== undefined) tls.servername = env.REDIS_TLS_SERVER_NAME;
  return tls;
}

function readPem(variable: string, path: string): string {
  // If the value is PEM text instead of a path, the message must not contain it: it may be a private key.
  if (path.includes('-----BEGIN')) throw new ConfigError([`${variable} holds PEM text: write it to a file and give the path`]);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([`${variable}='${path}' cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
  if (!text.includes('-----BEGIN')) throw new ConfigError([`${variable}='${path}' is not a PEM file`]);
  return text;
}

/**
 * Reads the certificates again for the next connection, because an issuer such as cert-manager replaces the files while the service runs.
 * If the files cannot be read (they are being replaced), the options stay unchanged.
 */
export function renewTls(tls: RedisTls, env: RedisEnv): void {
  try {
    Object.assign(tls, readTls(env));
  } catch {
    // The next connection uses the old certificates; the one after it reads them again.
  }
}
