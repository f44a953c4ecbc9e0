import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns the first process of a container if its node is this machine, because SIGKILL cannot be sent to it from inside.
 * It is recognized by the id of the container in its control group, and by being process 1 in its namespace.
 */
export function processOf(containerId: string): number | undefined {
  const id = containerId.replace(/^\w+:\/\//, '');
  if (!/^[0-9a-f]{32,}$/.test(id)) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => isFirstOf(pid, id));
}

/** Kills a process. Returns false if that is not permitted: in a cluster in local containers (kind), only root can send it a signal. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // EPERM, or it has just ended
  }
}

function isFirstOf(pid: number, id: string): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(id)) return false;
    return /^NSpid:.*\t1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it has just ended, or belongs to another user
  }
}
