import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Identifies one process for ever: the system reuses a pid, but not the pair of pid and start time. */
export interface ProcessId {
  pid: number;
  /** start time in the format of the system (clock ticks since boot on Linux); only for comparison */
  started: string;
}

/** Returns the start time of a process, or undefined if there is no such process (a zombie does not count). */
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

/** Returns the resident memory in bytes, or undefined if it is unknown. */
export function memoryOf(pid: number): number | undefined {
  try {
    if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** Sends a signal to exactly this process. Returns false if it has ended. */
export function signal(id: ProcessId, name: NodeJS.Signals): boolean {
  if (!isAlive(id)) return false;
  try {
    return process.kill(id.pid, name);
  } catch {
    return false;
  }
}

/** Stops a process that is not a child: SIGTERM, then SIGKILL after `graceMs`. Resolves when it has ended. */
export async function endProcess(id: ProcessId, graceMs = 5_000): Promise<void> {
  if (!signal(id, 'SIGTERM')) return;
  const deadline = Date.now() + graceMs;
  while (isAlive(id)) {
    if (Date.now() > deadline) signal(id, 'SIGKILL');
    await sleep(25);
  }
}

/** Variables that only concern a process and its parent. */
const privateNames = /^(NODE_CHANNEL_|NODE_UNIQUE_ID|ALMANAC_BACKGROUND)/;

/** Returns the environment that a process was started with. Empty on systems other than Linux. */
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
