import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../system/failure.ts';
import { identify, isAlive, type ProcessId } from '../system/processes.ts';

/**
 * Locks a data folder, because two stores that write to one folder would corrupt each other's files. Returns a function that unlocks it.
 * A lock whose process has ended is ignored. Throws a Failure that names the process that holds the lock.
 */
export function claimDataFolder(folder: string): () => void {
  const mark = join(folder, 'in-use.json');
  const owner = read(mark);
  if (owner !== undefined && isAlive(owner))
    throw new Failure(`The data folder ${folder} is in use by process ${owner.pid}: use another with --data-dir`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(mark, JSON.stringify(identify(process.pid)));
  return () => rmSync(mark, { force: true });
}

function read(path: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessId;
  } catch {
    return undefined;
  }
}
