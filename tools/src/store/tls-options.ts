import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Failure } from '../system/failure.ts';

/** The variables that the services read for rediss:// (libs/service). Commands that run without packages use them too. */
export const tlsVariables = ['REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY', 'REDIS_TLS_SERVER_NAME'] as const;

/** Returns the TLS options for a store at `host`. Throws a Failure that names an unreadable file. */
export function tlsOptions(host: string, env: NodeJS.ProcessEnv = process.env): ConnectionOptions {
  const file = (name: (typeof tlsVariables)[number]) => {
    const path = env[name];
    if (path === undefined || path === '') return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      throw new Failure(`${name}=${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
    }
  };
  const name = env.REDIS_TLS_SERVER_NAME || undefined;
  return {
    host,
    ...(name === undefined ? {} : { servername: name }),
    ca: file('REDIS_TLS_CA'),
    cert: file('REDIS_TLS_CERT'),
    key: file('REDIS_TLS_KEY'),
  };
}
