import { resolve } from 'node:path';
import { findBackup, listed } from '../backup/manifest.ts';
import { type Before, restore } from '../backup/restore.ts';
import type { Command } from '../command.ts';
import { running } from '../supervisor/state.ts';
import { Failure, usageError } from '../system/failure.ts';
import type { ParsedArgs } from '../system/options.ts';
import { type Output, StreamOutput, secondsSince } from '../system/output.ts';
import { places } from '../system/places.ts';
import { startInBackground } from '../up/background.ts';
import { entry } from '../up/report.ts';

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'Replaces the data of the store with a backup',
  usage: 'FILE [options]',
  words: 1,
  options: {
    stop: { help: 'stops Almanac if it runs in this checkout, and starts it again with the data of the backup' },
    'data-dir': { value: 'FOLDER', help: 'data folder of the store (.almanac/data, or the folder of the running store)' },
  },
  more: 'FILE is a path or the name of a backup in .almanac/backups; without FILE, the backups are listed. The replaced data is kept in before-restore-* in the data folder.',
  run: async (args) => {
    const name = args.words[0];
    if (name === undefined) throw usageError(`missing FILE: ./almanac restore FILE\n${listed(places.backups())}`);
    const out = new StreamOutput();
    const start = performance.now();
    const file = resolve(findBackup(name, places.backups()));
    const { before, failure } = await restore({ file, dataDir: dataDirFor(args), mayStop: args.has('stop') }, out);
    if (failure === undefined)
      out.line(`Restored in ${secondsSince(start)}.${before === undefined ? ` Start it with:  ${entry()} up` : ''}`);
    const code = before === undefined ? 0 : await startAgain(before, out);
    if (failure !== undefined) throw failure;
    return code;
  },
};

function dataDirFor(args: ParsedArgs): string {
  const state = running();
  if (state !== undefined && state.store.own === undefined)
    throw new Failure(
      `Almanac uses the store at ${state.store.url}, which ./almanac up did not start: restore its data where that store runs (helm/almanac/files/restore.sh)`,
    );
  return resolve(args.text('data-dir') ?? state?.store.own?.dataDir ?? places.data());
}

/** With the arguments of the first start, but in the background: the terminal of a foreground start has ended with it. */
async function startAgain({ state, env }: Before, out: Output): Promise<number> {
  const { args, cwd } = state.store.own ?? { args: ['up'], cwd: process.cwd() };
  Object.assign(process.env, env);
  process.chdir(cwd);
  return await startInBackground(args.some((arg) => arg === '-d' || arg === '--detach') ? args : [...args, '--detach'], out);
}
