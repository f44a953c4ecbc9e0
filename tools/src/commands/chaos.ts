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
  summary: 'Kills workers, the store and connections under load, and checks that no job is lost or finished twice',
  usage: '[options]',
  options: {
    minutes: { value: 'N', help: 'duration (30)' },
    seed: { value: 'N', help: 'repeats the faults of an earlier run; default: a random seed, which is printed' },
  },
  more: 'Starts its own store and workers. If a job is lost, duplicated or left over, prints the seed and the history of the run and exits with 1.',
  run: async (args) => {
    const minutes = args.integer('minutes', 1, 10_000) ?? 30;
    const seed = args.integer('seed', 0, 2 ** 32 - 1);
    const store = await findStoreServer(new StreamOutput(process.stderr));
    const options = [`--minutes=${minutes}`, ...(seed === undefined ? [] : [`--seed=${seed}`])];
    return await runNode([join(root, 'libs/queue/proof/chaos/main.ts'), ...options], { ...process.env, ALMANAC_STORE_SERVER: store.path });
  },
};
