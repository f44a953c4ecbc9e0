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
  summary: 'Attacks an instance with hostile requests and checks that other clients are unaffected',
  usage: '[options]',
  options: {
    minutes: { value: 'N', help: 'duration of the attack (1)' },
    seed: { value: 'N', help: 'repeats the attacks of an earlier run; default: a random seed, which is printed' },
    clients: { value: 'N', help: 'number of clients that use the instance during the attack and check every response (20)' },
    attackers: { value: 'N', help: 'number of attacks that run in parallel (6)' },
    only: {
      value: 'TEXT',
      many: true,
      help: 'runs only the attacks whose name contains TEXT, or those of the section TEXT of docs/limits.md',
    },
    'shared-machine': {
      help: 'applies looser limits to latency and memory, for a machine that does other work; responses are checked as usual',
    },
    here: { help: 'attacks the instance that runs in this checkout instead of starting one; leaves data sets named fuzz-*' },
  },
  more: 'Starts its own instance with a temporary store. Exit code 1 if a rule is broken: a wrong response, a 500, a hang, a process that ended, memory that is not released.',
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
