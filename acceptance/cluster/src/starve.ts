import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Testbed } from './testbed.ts';

const PERIOD_US = 100_000;
const AGAIN_MS = 500;

/** The file with the processor limit of a control group, and its format: versions 1 and 2. */
const files = [
  { root: '/sys/fs/cgroup/cpu', name: 'cpu.cfs_quota_us', write: (us: number) => String(us) },
  { root: '/sys/fs/cgroup', name: 'cpu.max', write: (us: number) => `${us} ${PERIOD_US}` },
] as const;

/**
 * Limits each container of the release to a part of one processor while `action` runs, including those that start meanwhile. Requires
 * `canStarve`. The limits are always removed.
 */
export async function starved<T>(testbed: Testbed, processors: number, action: () => Promise<T>): Promise<T> {
  const limited = new Map<string, string>();
  const restore = () => {
    for (const [file, before] of limited) if (existsSync(file)) writeFileSync(file, before);
  };
  const limitAll = async () => {
    for (const id of await containerIds(testbed)) limit(id, processors, limited);
  };
  await limitAll();
  process.once('exit', restore);
  let isOver = false;
  const follow = (async () => {
    for (; !isOver; await sleep(AGAIN_MS)) await limitAll().catch(() => {});
  })();
  try {
    return await action();
  } finally {
    isOver = true;
    await follow;
    restore();
    process.off('exit', restore);
  }
}

/** Whether the processor time of the containers can be limited from here. */
export const canStarve = async (testbed: Testbed): Promise<boolean> =>
  process.geteuid?.() === 0 && (await containerIds(testbed)).some((id) => filesOf(id).length > 0);

async function containerIds({ cluster }: Testbed): Promise<string[]> {
  const statuses = (await cluster.pods()).flatMap(({ status }) => status?.containerStatuses ?? []);
  return statuses.flatMap(({ containerID = '' }) => /^\w+:\/\/([0-9a-f]{32,})$/.exec(containerID)?.[1] ?? []);
}

interface QuotaFile {
  file: string;
  write(us: number): string;
}

const filesOf = (id: string): QuotaFile[] =>
  files.flatMap(({ root, name, write }) =>
    globSync(`**/kubepods*/**/*${id}*`, { cwd: root })
      .map((folder) => ({ file: join(root, folder, name), write }))
      .filter(({ file }) => existsSync(file)),
  );

function limit(id: string, processors: number, limited: Map<string, string>): void {
  for (const { file, write } of filesOf(id)) {
    if (limited.has(file)) continue;
    const before = readFileSync(file, 'utf8').trim();
    writeFileSync(file, write(Math.round(processors * PERIOD_US)));
    limited.set(file, before);
  }
}
