import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { findStoreServer } from '../store/find-store.ts';
import { Failure } from '../system/failure.ts';
import { StreamOutput } from '../system/output.ts';
import { root } from '../system/places.ts';

export const benchCommand: Command = {
  name: 'bench',
  summary: 'measures against peers in the same run: all of it, or what is named',
  usage: '[NAME ...] [--rounds=N]',
  words: Number.POSITIVE_INFINITY,
  run: async (given) => {
    const main = join(root, 'bench/src/main.ts');
    if (!existsSync(main)) throw new Failure('this checkout has no bench/src/main.ts');
    const store = await findStoreServer(new StreamOutput(process.stderr));
    const child = spawn(process.execPath, [main, ...given.words], {
      stdio: 'inherit',
      env: { ...process.env, ALMANAC_STORE_SERVER: store.path },
    });
    return await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  },
};
