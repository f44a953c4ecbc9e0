import { details, find } from './commands/help.ts';
import { commands } from './commands/registry.ts';
import { exitWith } from './system/exit.ts';
import { ParsedArgs, readOptions } from './system/options.ts';

/** Runs one command line. Returns the exit code: 0 done, 1 failed, 2 invalid usage. */
async function main([first = 'help', ...args]: readonly string[]): Promise<number> {
  const name = first === '--help' || first === '-h' ? 'help' : first;
  const command = find(name, commands);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(details(command));
    return 0;
  }
  // A command without options of its own that takes any number of words passes all of them on.
  if (command.options === undefined && command.words === Number.POSITIVE_INFINITY) return await command.run(new ParsedArgs(args, {}));
  return await command.run(readOptions(args, command.options ?? {}, command.words ?? 0));
}

await exitWith(() => main(process.argv.slice(2)));
