import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One process, for good: a pid is used again by the system, the pair with its start time is not. */
export interface ProcessId {
  pid: number;
  /** when it started, in the system's own words (clock ticks since boot on Linux); only compared */
  started: string;
}

/** When the process started, or undefined when there is none (a zombie counts as none). */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    // The name in parentheses may hold spaces and parentheses: fields are counted from the last one. State is field 3, start is field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export const identify = (pid: number): ProcessId => ({ pid, started: startOf(pid) ?? '' });
export const isAlive = ({ pid, started }: ProcessId): boolean => started !== '' && startOf(pid) === started;

/** Resident memory in bytes, or undefined when it cannot be told. */
export function memoryOf(pid: number): number | undefined {
  try {
    if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** Sends a signal to exactly this process; false when it is gone. */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, name);
  } catch {
    return false;
  }
}

/** Ends a process that is not our child: SIGTERM, then SIGKILL after `graceMs`. Resolves when it is gone. */
export async function endProcess(id: ProcessId, graceMs = 5_000): Promise<void> {
  if (!signal(id, 'SIGTERM')) return;
  const deadline = Date.now() + graceMs;
  while (isAlive(id)) {
    if (Date.now() > deadline) signal(id, 'SIGKILL');
    await sleep(25);
  }
}

/** How a process was started by its parent in Node; of no use to another. */
const privateNames = /^(NODE_CHANNEL_|NODE_UNIQUE_ID|ALMANAC_BACKGROUND)/;

/** The variables that a process was started with, to start one like it; none where the system does not tell (it is Linux that does). */
export function environmentOf(pid: number): NodeJS.ProcessEnv {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((pair) => pair.includes('='));
    const named = pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
    return Object.fromEntries(named.filter(([name]) => !privateNames.test(name)));
  } catch {
    return {};
  }
}
