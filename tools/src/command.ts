import type { Options, ParsedArgs } from './system/options.ts';

/** One command of `./almanac`: what help shows, and what it does. */
export interface Command {
  name: string;
  /** one line for the list of commands, starting with a verb */
  summary: string;
  /** help lists it under "For developers" */
  isForDevelopers?: true;
  /** It cannot run without node_modules. `almanac` looks for this line in the command's file and installs the packages first. */
  needsPackages?: true;
  /** the words after the name, e.g. `FILE [options]` */
  usage?: string;
  /** the highest number of words besides options (0) */
  words?: number;
  options?: Options;
  /** what a user should know beyond the options; shown by `help NAME` */
  more?: string;
  /** Returns the exit code: 0 done, 1 failed. Throws a Failure for what the user can fix. */
  run(args: ParsedArgs): Promise<number>;
}
