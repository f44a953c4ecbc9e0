import type { Options, ParsedArgs } from './system/options.ts';

/** One command of `./almanac`: what help shows, and what it does. */
export interface Command {
  name: string;
  /** one line, for the list of commands */
  summary: string;
  /** the words after the name, e.g. `FILE [options]` */
  usage?: string;
  /** how many words besides options it takes (0) */
  words?: number;
  options?: Options;
  /** what a person should know beyond the options; shown by `help NAME` */
  more?: string;
  /** Returns the exit code: 0 for done, 1 for what did not work. Throws Failure for what a person can put right. */
  run(given: ParsedArgs): Promise<number>;
}
