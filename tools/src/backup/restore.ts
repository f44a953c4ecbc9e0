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

/** As long as `down` gives it. */
const GRACE_MS = 60_000;

export interface RestoreSettings {
  file: string;
  dataDir: string;
  /** end what runs here first */
  mayStop: boolean;
}

/** What ran before, and the variables that it was started with: without them a write token would be gone after a restore. */
export interface Before {
  state: State;
  env: NodeJS.ProcessEnv;
}

/** Puts a backup in the place of the store's data. What ran before is to be started again: also where it did not work (`failure`). */
export async function restore(settings: RestoreSettings, out: Output): Promise<{ before?: Before; failure?: Failure }> {
  const { file, dataDir, mayStop } = settings;
  const state = running();
  if (state !== undefined && !mayStop)
    throw new Failure(
      `Almanac runs at ${state.url}, on the data that would be replaced. Say  ./almanac restore FILE --stop  to stop it, restore, and start it again; or  ./almanac down  first.`,
    );
  out.progress(`checking ${file}`);
  await examineBackup(file);
  demandSpace(file, dataDir);
  const own = state?.store.own;
  const server = own === undefined ? await findStoreServer(out) : { path: own.program, about: state?.store.server as string };
  const before = state === undefined ? {} : { before: { state, env: environmentOf(state.supervisor.pid) } };
  if (state !== undefined) {
    out.progress(`stopping what answers at ${state.url}`);
    await endProcess(state.supervisor, GRACE_MS);
  }
  await cleanLeftovers();
  return { ...before, ...(await seed(file, dataDir, server, out)) };
}

async function seed(file: string, dataDir: string, server: StoreServer, out: Output): Promise<{ failure?: Failure }> {
  const release = claimDataFolder(dataDir);
  try {
    out.progress(`restoring ${file}`);
    // A person who restores a file for the second time means it.
    const { ok, output } = await runScript('restore', server.path, { FILE: file, DATA_DIR: dataDir, AGAIN: new Date().toISOString() });
    if (!ok) return { failure: new Failure(explain(output, server)) };
    for (const line of output.split('\n')) out.line(line);
    return {};
  } finally {
    release();
  }
}

/** Both servers refuse what a newer one wrote, each in its own words. */
function explain(output: string, { about, path }: StoreServer): string {
  const isNewer = /Can't handle RDB format version|Wrong signature|not support.*RDB version/i.test(output);
  const kept = 'Nothing was changed.';
  if (!isNewer) return `${output}\n${kept}`;
  return `${output}\nA newer store wrote it than ${about} (${path}) can read. Use one as new: ALMANAC_STORE_SERVER=/path/to/server, or ALMANAC_STORE=wheel. ${kept}`;
}

/** The backup is copied into the folder, and what was there stays beside it. */
function demandSpace(file: string, dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const { bavail, bsize } = statfsSync(dataDir);
  const { size } = statSync(file);
  const [free, needed] = [bavail * bsize, size + 16e6];
  if (free < needed)
    throw new Failure(
      `${dataDir} has ${megabytes(free)} MB free, the backup needs ${megabytes(needed)} MB. Make room (what earlier restores moved aside is in before-restore-* there), or restore elsewhere with --data-dir`,
    );
}

const megabytes = (bytes: number): string => Math.floor(bytes / 1e6).toLocaleString('en');
