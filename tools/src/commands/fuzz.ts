import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { running } from '../supervisor/state.ts';
import { Failure } from '../system/failure.ts';
import type { ParsedArgs } from '../system/options.ts';
import { places, root } from '../system/places.ts';
import { runNode } from '../system/run.ts';
import { freeBase } from '../up/free-base.ts';

export const fuzzCommand: Command = {
  name: 'fuzz',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'attacks an instance with hostile requests and checks that other clients notice nothing',
  usage: '[options]',
  options: {
    minutes: { value: 'N', help: 'how long to attack (1)' },
    seed: { value: 'N', help: 'repeats the attacks of an earlier run; default: a random seed, which is printed' },
    clients: { value: 'N', help: 'clients that use the instance meanwhile and check every answer (20)' },
    attackers: { value: 'N', help: 'attacks that run side by side (6)' },
    only: { value: 'TEXT', many: true, help: 'runs only the attacks whose name contains TEXT, or those of a section of docs/limits.md' },
    'shared-machine': { help: 'the machine does other work: waits and memory are judged mildly, answers as ever' },
    here: { help: 'attacks what ./almanac up runs in this checkout, instead of an instance of its own; leaves data sets named fuzz-*' },
  },
  more: 'Starts an instance of its own with a temporary store. Exit code 1 if a rule was broken: a wrong answer, a 500, a hang, a process that ended, memory that does not come back.',
  run: async (args) => (args.has('here') ? await fuzzHere(args) : await fuzzOwn(args)),
};

async function fuzzHere(args: ParsedArgs): Promise<number> {
  if (running() === undefined) throw new Failure('Nothing runs in this checkout. Start it with:  ./almanac up');
  return await fuzz(args, places.state());
}

/** Starts an instance in a temporary folder, attacks it and stops it. */
async function fuzzOwn(args: ParsedArgs): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-fuzz-'));
  const env = { ...process.env, ALMANAC_HOME: folder, REDIS_URL: '' };
  const almanac = (...args: string[]) => runNode([join(root, 'tools/src/main.ts'), ...args], env);
  try {
    const code = await almanac('up', '--detach', '--port', String(await freeBase()));
    return code === 0 ? await fuzz(args, join(folder, 'run', 'state.json')) : code;
  } finally {
    await almanac('down');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fuzz(args: ParsedArgs, stateFile: string): Promise<number> {
  const numbers = ['minutes', 'seed', 'clients', 'attackers'].flatMap((name) => {
    const value = args.integer(name, name === 'seed' ? 0 : 1, name === 'seed' ? 2 ** 32 - 1 : 1440);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  const only = args.all('only').map((text) => `--only=${text}`);
  const shared = args.has('shared-machine') ? ['--shared-machine'] : [];
  return await runNode([join(root, 'fuzz/src/main.ts'), `--state=${stateFile}`, ...numbers, ...only, ...shared]);
}
