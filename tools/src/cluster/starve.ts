import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PERIOD_US = 100_000;

/** The control group that holds every pod of the node, by a process of one of them: where its processor time is limited. */
export interface PodGroup {
  /** Leaves all pods together this part of one processor. */
  limit(processors: number): void;
  /** Gives back what was. */
  restore(): void;
}

/** Undefined if the process is not of this machine, or its groups may not be written. */
export function podGroupOf(pid: number): PodGroup | undefined {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const pathIn = (pattern: RegExp) =>
    /^(.*?\/kubepods[^/]*)(?:\/|$)/.exec(lines.map((line) => pattern.exec(line)?.[1]).find(Boolean) ?? '')?.[1];
  const [one, two] = [pathIn(/^\d+:(?:cpu|cpu,cpuacct):(\/.*)$/), pathIn(/^0::(\/.*)$/)];
  if (one !== undefined && existsSync(join('/sys/fs/cgroup/cpu', one)))
    return group(join('/sys/fs/cgroup/cpu', one, 'cpu.cfs_quota_us'), (us) => String(us));
  if (two !== undefined && existsSync(join('/sys/fs/cgroup', two, 'cpu.max')))
    return group(join('/sys/fs/cgroup', two, 'cpu.max'), (us) => `${us} ${PERIOD_US}`);
  return undefined;
}

function group(file: string, write: (us: number) => string): PodGroup | undefined {
  const before = readFileSync(file, 'utf8').trim();
  try {
    writeFileSync(file, before);
  } catch {
    return undefined; // only root may
  }
  return {
    limit: (processors) => writeFileSync(file, write(Math.round(processors * PERIOD_US))),
    restore: () => writeFileSync(file, before),
  };
}
