import { join } from 'node:path';
import type { Command } from '../command.ts';
import { findStoreServer } from '../store/find-store.ts';
import { StreamOutput } from '../system/output.ts';
import { root } from '../system/places.ts';
import { runNode } from '../system/run.ts';

export const chaosCommand: Command = {
  name: 'chaos',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'kills workers, the store and the network under load, and checks that no job is lost or ended twice',
  usage: '[options]',
  options: {
    minutes: { value: 'N', help: 'how long (30)' },
    seed: { value: 'N', help: 'the plan of faults to follow; default: any, and it is told' },
  },
  more: 'Has a store and workers of its own. Exit code 1, the seed and the history of the run when anything was lost, doubled or left over.',
  run: async (args) => {
    const minutes = args.integer('minutes', 1, 10_000) ?? 30;
    const seed = args.integer('seed', 0, 2 ** 32 - 1);
    const store = await findStoreServer(new StreamOutput(process.stderr));
    const options = [`--minutes=${minutes}`, ...(seed === undefined ? [] : [`--seed=${seed}`])];
    return await runNode([join(root, 'libs/queue/src/chaos/main.ts'), ...options], { ...process.env, ALMANAC_STORE_SERVER: store.path });
  },
};
