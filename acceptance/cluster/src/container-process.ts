import { readdirSync, readFileSync } from 'node:fs';

/**
 * The process that a container was started with, where its node is this machine: from inside, nothing can send it SIGKILL.
 * Told by the container's id in its control group, and by being number 1 in its own count of processes.
 */
export function processOf(containerId: string): number | undefined {
  const id = containerId.replace(/^\w+:\/\//, '');
  if (!/^[0-9a-f]{32,}$/.test(id)) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => isFirstOf(pid, id));
}

/** Whether it was killed. In a cluster that runs in containers here (kind) it is seen, but only root may send it a signal. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // EPERM, or it has just ended by itself
  }
}

function isFirstOf(pid: number, id: string): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(id)) return false;
    return /^NSpid:.*\t1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it just ended, or is somebody else's
  }
}
