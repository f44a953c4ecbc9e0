import { type ParseArgsConfig, parseArgs } from 'node:util';
import { usageError } from './failure.ts';
import { didYouMean } from './nearest.ts';

/** One option of a command: what `help` shows and how it is read. */
export interface Option {
  /** what follows the name, e.g. `N` or `URL`; absent: a switch */
  value?: string;
  short?: string;
  /** may be given several times */
  many?: boolean;
  help: string;
}
export type Options = Readonly<Record<string, Option>>;

/** The words and options of one call, read and checked. */
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

  /** A whole number from `least` to `most`, or undefined where the option was not given. */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || text.trim() === '' || value < least || value > most) {
      throw usageError(`--${name} ${text}: takes a whole number from ${least} to ${most}`);
    }
    return value;
  }
}

/** Reads a command's arguments; `no-` negates nothing here, options are exactly those named. Throws a usage error naming the nearest option. */
export function readOptions(typed: readonly string[], options: Options, maxWords = 0): ParsedArgs {
  const args = joinDashed(typed, options);
  const shorts = new Map(Object.entries(options).flatMap(([name, { short }]) => (short === undefined ? [] : [[short, name] as const])));
  for (const arg of args) {
    if (arg === '--') break;
    const long = /^--([^=]+)/.exec(arg)?.[1];
    if (long !== undefined && options[long] === undefined)
      throw usageError(`there is no option --${long}${didYouMean(long, Object.keys(options), '--')}`);
    const short = /^-([^-\d.])/.exec(arg)?.[1];
    if (short !== undefined && !shorts.has(short)) throw usageError(`there is no option -${short}`);
  }
  const { values, positionals } = parse(args, options);
  if (positionals.length > maxWords) throw usageError(`'${positionals[maxWords]}' is one word too many`);
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

/** `--where -5<x` and `--x -1` mean what they say: a value may start with a dash. */
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
