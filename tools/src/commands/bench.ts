import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { findStoreServer } from '../store/find-store.ts';
import { Failure } from '../system/failure.ts';
import { StreamOutput } from '../system/output.ts';
import { root } from '../system/places.ts';
import { runNode } from '../system/run.ts';

export const benchCommand: Command = {
  name: 'bench',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'Runs the benchmarks, or those named, beside peers in the same run',
  usage: '[NAME ...] [--rounds=N]',
  words: Number.POSITIVE_INFINITY,
  run: async (args) => {
    const main = join(root, 'bench/src/main.ts');
    if (!existsSync(main)) throw new Failure('This checkout has no bench/src/main.ts');
    const store = await findStoreServer(new StreamOutput(process.stderr));
    return await runNode([main, ...args.words], { ...process.env, ALMANAC_STORE_SERVER: store.path });
  },
};
