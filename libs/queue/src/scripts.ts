import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script and the name Redis knows it by once it is loaded. */
export interface Script {
  text: string;
  sha: string;
}

const read = (name: string) => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
const prelude = read('prelude');

function load(name: string): Script {
  const text = `${prelude}\n${read(name)}`;
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Each is one atomic step; its head says what it takes and gives. */
export const scripts = {
  enqueue: load('enqueue'),
  cycle: load('cycle'),
  claim: load('claim'),
  progress: load('progress'),
  beat: load('beat'),
  resync: load('resync'),
  reap: load('reap'),
  states: load('states'),
  trim: load('trim'),
  release: load('release'),
  clear: load('clear'),
  promote: load('promote'),
  cancel: load('cancel'),
  revive: load('revive'),
  audit: load('audit'),
} as const;
export type ScriptName = keyof typeof scripts;
