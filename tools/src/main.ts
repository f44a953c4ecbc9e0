import { details, find } from './commands/help.ts';
import { commands } from './commands/registry.ts';
import { Failure } from './system/failure.ts';
import { ParsedArgs, readOptions } from './system/options.ts';

/** Runs one command line. Returns the exit code: 0 done, 1 it did not work, 2 wrongly asked. */
async function main([first = 'help', ...args]: readonly string[]): Promise<number> {
  const name = first === '--help' || first === '-h' ? 'help' : first;
  const command = find(name, commands);
  // A command without options of its own and any number of words hands all of them on.
  if (command.options === undefined && command.words === Number.POSITIVE_INFINITY) return await command.run(new ParsedArgs(args, {}));
  if (args.includes('--help') || args.includes('-h')) {
    console.log(details(command));
    return 0;
  }
  return await command.run(readOptions(args, command.options ?? {}, command.words ?? 0));
}

// A reader that went away (./almanac help | head) is no failure; what was begun is still done.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
