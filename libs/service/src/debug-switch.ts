import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface DebugSwitch {
  isOn: boolean;
  /** the log message at start */
  words: string;
}

/** Reads `debug: true` or `false` from the YAML configuration file of the course. If neither is found, debug is on, as in the course. */
export function readDebugSwitch(path: string): DebugSwitch {
  const byDefault = (why: string): DebugSwitch => ({ isOn: true, words: `debug is on by default: ${path} ${why}` });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return byDefault(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const debug = (parse(text) as { debug?: unknown } | null)?.debug;
    if (typeof debug === 'boolean') return { isOn: debug, words: `debug is ${debug ? 'on' : 'off'}, set in ${path}` };
    return byDefault('has no debug: true or false');
  } catch (error) {
    return byDefault(`is not YAML (${(error as Error).message.split('\n', 1)[0]})`);
  }
}
