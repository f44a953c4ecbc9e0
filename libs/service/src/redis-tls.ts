import { readFileSync } from 'node:fs';
import type { RedisOptions } from 'ioredis';
import { ConfigError, type RedisEnv } from './config.ts';

/** What of Node's TLS options the environment decides. The certificates are PEM text. */
export type RedisTls = NonNullable<RedisOptions['tls']>;

const files = { ca: 'REDIS_TLS_CA', cert: 'REDIS_TLS_CERT', key: 'REDIS_TLS_KEY' } as const;

/** The TLS options for `rediss:` addresses; empty if none is set: then Node's own certificate authorities decide. Throws ConfigError. */
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
  // A path that is PEM text itself would put a private key into the message.
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
 * Reads the certificates again, for the next connection: an issuer such as cert-manager replaces the files while the service runs.
 * Files that cannot be read at that moment (they are being replaced) leave the options as they are.
 */
export function renewTls(tls: RedisTls, env: RedisEnv): void {
  try {
    Object.assign(tls, readTls(env));
  } catch {
    // The connection is tried with the old certificates, and again after that.
  }
}
