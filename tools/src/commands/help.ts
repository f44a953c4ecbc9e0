import type { Command } from '../command.ts';
import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { Option, Options } from '../system/options.ts';
import { bold } from '../system/output.ts';
import { table } from '../system/table.ts';

/** The command `help`, over a list of commands that it is part of. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'Shows this list, or one command with its options',
    usage: '[COMMAND]',
    words: 1,
    run: async (args) => {
      const [wanted] = args.words;
      console.log(wanted === undefined ? overview(commands()) : details(find(wanted, commands())));
      return 0;
    },
  };
}

/** Returns a command by name. Throws a usage error that names the nearest. */
export function find(name: string, commands: readonly Command[]): Command {
  const command = commands.find((c) => c.name === name);
  if (command !== undefined) return command;
  const names = commands.map((c) => c.name);
  throw usageError(`unknown command '${name}'${didYouMean(name, names)}\n\n${overview(commands)}`);
}

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = (isForDevelopers: boolean): string[] =>
    commands
      .filter((command) => (command.isForDevelopers === true) === isForDevelopers)
      .map(({ name, summary }) => `  ./almanac ${name.padEnd(width)}  ${summary}`);
  return [
    bold('Almanac turns a data set into a service.'),
    '',
    ...list(false),
    '',
    bold('For developers:'),
    ...list(true),
    '',
    'Start with ./almanac up. ./almanac help COMMAND shows the options of a command.',
  ].join('\n');
}

export function details({ name, summary, usage = '', options = {}, more }: Command): string {
  return [
    bold(`Usage: ./almanac ${name} ${usage}`.trim()),
    '',
    `${summary}.`,
    ...optionLines(options),
    ...(more === undefined ? [] : ['', more]),
  ].join('\n');
}

function optionLines(options: Options): string[] {
  const rows = Object.entries(options).map(([name, option]) => [`  ${spelling(name, option)}`, option.help]);
  return rows.length === 0 ? [] : ['', table(rows)];
}

const spelling = (name: string, { short, value }: Option): string =>
  `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
