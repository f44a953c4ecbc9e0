import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../system/failure.ts';
import { identify, isAlive, type ProcessId } from '../system/processes.ts';

/**
 * Marks a data folder as ours: two stores writing one folder would spoil each other's files. Returns what gives it back.
 * A mark whose process is gone counts for nothing. Throws a Failure naming who has it.
 */
export function claimDataFolder(folder: string): () => void {
  const mark = join(folder, 'in-use.json');
  const owner = read(mark);
  if (owner !== undefined && isAlive(owner))
    throw new Failure(`The data folder ${folder} is in use by process ${owner.pid}: choose another with --data-dir`);
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
