import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { findStoreServer } from '../store/find-store.ts';
import type { StoreServer } from '../store/store-server.ts';
import { cleanLeftovers, running, type State } from '../supervisor/state.ts';
import { Failure } from '../system/failure.ts';
import type { Output } from '../system/output.ts';
import { endProcess, environmentOf } from '../system/processes.ts';
import { claimDataFolder } from '../up/data-folder.ts';
import { examineBackup } from './manifest.ts';
import { runScript } from './programs.ts';

/** The same limit as `down`. */
const GRACE_MS = 60_000;

export interface RestoreSettings {
  file: string;
  dataDir: string;
  /** stop the running instance first */
  mayStop: boolean;
}

/** The instance that ran before, and its environment: without it, a write token would be lost by a restore. */
export interface Before {
  state: State;
  env: NodeJS.ProcessEnv;
}

/** Replaces the data of the store with a backup. The caller must start `before` again, also after a `failure`. */
export async function restore(settings: RestoreSettings, out: Output): Promise<{ before?: Before; failure?: Failure }> {
  const { file, dataDir, mayStop } = settings;
  const state = running();
  if (state !== undefined && !mayStop)
    throw new Failure(
      `Almanac runs at ${state.url} and uses the data to be replaced. Use  ./almanac restore FILE --stop  to stop it, restore, and start it again; or run  ./almanac down  first.`,
    );
  out.progress(`checking ${file}`);
  await examineBackup(file);
  requireSpace(file, dataDir);
  const own = state?.store.own;
  const server = own === undefined ? await findStoreServer(out) : { path: own.program, version: state?.store.server as string };
  const before = state === undefined ? {} : { before: { state, env: environmentOf(state.supervisor.pid) } };
  if (state !== undefined) {
    out.progress(`stopping Almanac at ${state.url}`);
    await endProcess(state.supervisor, GRACE_MS);
  }
  await cleanLeftovers();
  return { ...before, ...(await seed(file, dataDir, server, out)) };
}

async function seed(file: string, dataDir: string, server: StoreServer, out: Output): Promise<{ failure?: Failure }> {
  const release = claimDataFolder(dataDir);
  try {
    out.progress(`restoring ${file}`);
    // The script restores a file only once unless AGAIN differs; a user who repeats the command wants it again.
    const { ok, output } = await runScript('restore', server.path, { FILE: file, DATA_DIR: dataDir, AGAIN: new Date().toISOString() });
    if (!ok) return { failure: new Failure(explain(output, server)) };
    for (const line of output.split('\n')) out.line(line);
    return {};
  } finally {
    release();
  }
}

/** Redis and Valkey reject a file of a newer version, each with its own message. */
function explain(output: string, { version, path }: StoreServer): string {
  const isNewer = /Can't handle RDB format version|Wrong signature|not support.*RDB version/i.test(output);
  const kept = 'Nothing was changed.';
  if (!isNewer) return `${output}\n${kept}`;
  return `${output}\nThe backup is of a newer version than ${version} (${path}) can read. Use a newer server: ALMANAC_STORE_SERVER=/path/to/server, or ALMANAC_STORE=wheel. ${kept}`;
}

/** The backup is copied into the folder, and the old data is kept beside it. */
function requireSpace(file: string, dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const { bavail, bsize } = statfsSync(dataDir);
  const { size } = statSync(file);
  const [free, needed] = [bavail * bsize, size + 16e6];
  if (free < needed)
    throw new Failure(
      `${dataDir} has ${megabytes(free)} MB free, the backup needs ${megabytes(needed)} MB. Free disk space (earlier restores kept old data in before-restore-* there), or use another folder with --data-dir`,
    );
}

const megabytes = (bytes: number): string => Math.floor(bytes / 1e6).toLocaleString('en');
