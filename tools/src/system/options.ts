import { type ParseArgsConfig, parseArgs } from 'node:util';
import { usageError } from './failure.ts';
import { didYouMean } from './nearest.ts';

/** One option of a command: what `help` shows and how it is parsed. */
export interface Option {
  /** placeholder of the value, e.g. `N` or `URL`; absent: a switch */
  value?: string;
  short?: string;
  /** may be repeated */
  many?: boolean;
  help: string;
}
export type Options = Readonly<Record<string, Option>>;

/** The words and options of one command line, parsed and checked. */
export class ParsedArgs {
  readonly words: readonly string[];
  #values: Readonly<Record<string, unknown>>;

  constructor(words: readonly string[], values: Readonly<Record<string, unknown>>) {
    this.words = words;
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    return this.#values[name] as string | undefined;
  }

  all(name: string): string[] {
    return (this.#values[name] as string[] | undefined) ?? [];
  }

  /** Returns an integer from `least` to `most`, or undefined if the option is absent. */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || text.trim() === '' || value < least || value > most) {
      throw usageError(`--${name} ${text}: must be an integer from ${least} to ${most}`);
    }
    return value;
  }
}

/** Parses the arguments of a command. There is no `--no-` negation. Throws a usage error that names the nearest option. */
export function readOptions(typed: readonly string[], options: Options, maxWords = 0): ParsedArgs {
  const args = joinDashed(typed, options);
  const shorts = new Map(Object.entries(options).flatMap(([name, { short }]) => (short === undefined ? [] : [[short, name] as const])));
  for (const arg of args) {
    if (arg === '--') break;
    const long = /^--([^=]+)/.exec(arg)?.[1];
    if (long !== undefined && options[long] === undefined)
      throw usageError(`unknown option --${long}${didYouMean(long, Object.keys(options), '--')}`);
    const short = /^-([^-\d.])/.exec(arg)?.[1];
    if (short !== undefined && !shorts.has(short)) throw usageError(`unknown option -${short}`);
  }
  const { values, positionals } = parse(args, options);
  if (positionals.length > maxWords) throw usageError(`unexpected argument '${positionals[maxWords]}'`);
  return new ParsedArgs(positionals, values);
}

function parse(args: readonly string[], options: Options) {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { value, short, many }] of Object.entries(options)) {
    config[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(short === undefined ? {} : { short }),
      ...(many === true ? { multiple: true } : {}),
    };
  }
  try {
    return parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError((error as Error).message.split('. ')[0] as string);
  }
}

/** Joins `--where -5<x` to `--where=-5<x`: parseArgs would take a value that starts with a dash for an option. */
function joinDashed(args: readonly string[], options: Options): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    const name = /^--([^=]+)$/.exec(arg)?.[1];
    const next = args[i + 1];
    if (name !== undefined && options[name]?.value !== undefined && next !== undefined && /^-[^-]/.test(next)) {
      joined.push(`${arg}=${next}`);
      i++;
    } else joined.push(arg);
  }
  return joined;
}
