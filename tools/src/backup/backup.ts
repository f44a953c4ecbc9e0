import { join } from 'node:path';
import { findStoreServer } from '../store/find-store.ts';
import { hidePassword } from '../store/hide-password.ts';
import { parseAddress } from '../store/ping.ts';
import { storeHere } from '../store/store-here.ts';
import { running } from '../supervisor/state.ts';
import { Failure, usageError } from '../system/failure.ts';
import type { Output } from '../system/output.ts';
import type { Manifest } from './manifest.ts';
import { runScript } from './programs.ts';

export interface BackupSettings {
  /** undefined: the store of the running instance */
  redisUrl: string | undefined;
  folder: string;
  keep: number;
}

export interface Backup extends Manifest {
  path: string;
}

/** Writes one backup of the store while it runs. */
export async function backUp({ redisUrl, folder, keep }: BackupSettings, out: Output): Promise<Backup> {
  const state = running();
  const url = redisUrl ?? storeHere(state);
  if (url === undefined)
    throw new Failure(
      'Nothing runs in this checkout: start Almanac with  ./almanac up  or name a store with --redis-url redis://host:6379',
    );
  const isOwn = redisUrl === undefined && state?.store.own !== undefined;
  const server = isOwn ? (state.store.own?.program as string) : (await findStoreServer(out)).path;
  const outcome = await runScript('backup', server, { ...where(url), BACKUP_DIR: folder, KEEP: String(keep) });
  if (!outcome.ok) throw new Failure(`No backup was written to ${folder}: ${outcome.output}${advice(outcome.output)}`);
  const manifest = JSON.parse(outcome.output.split('\n').findLast((line) => line.startsWith('{')) ?? '') as Manifest;
  return { ...manifest, path: join(folder, manifest.file) };
}

function where(url: string): Record<string, string> {
  const address = parseAddress(url);
  if (address === undefined) throw usageError(`--redis-url ${hidePassword(url)}: must be redis://host:6379 or unix:/path/to/socket`);
  if (address.isTls)
    throw new Failure(
      `${hidePassword(url)}: backups over TLS are not supported; run this on the host of the store, with redis:// or unix:`,
    );
  return {
    ...(address.path === undefined ? { REDIS_HOST: address.host, REDIS_PORT: String(address.port) } : { REDIS_SOCKET: address.path }),
    ...(address.username === '' ? {} : { REDIS_USER: address.username }),
    ...(address.password === '' ? {} : { REDISCLI_AUTH: address.password }),
  };
}

function advice(output: string): string {
  if (/ENOSPC|No space left/.test(output)) return '\nFree disk space, or use another folder with --to';
  if (/NOAUTH|WRONGPASS/.test(output)) return '\nInclude the password: --redis-url redis://user:password@host:6379';
  return '';
}
