import { readdirSync, readFileSync } from 'node:fs';

/** What a process takes of its machine. */
export interface Footprint {
  memoryBytes: number;
  /** open files and connections */
  handles: number;
}

/** Undefined where the system does not tell (it takes Linux), or the process has ended. */
export function footprintOf(pid: number): Footprint | undefined {
  try {
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return { memoryBytes: kilobytes * 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}
