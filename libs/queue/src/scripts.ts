import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script, and the hash by which Redis knows it once it is loaded. */
export interface Script {
  text: string;
  sha: string;
}

const read = (name: string) => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
const prelude = read('prelude');
const records = read('records');

/**
 * The shared part for the two scripts that seldom need records.lua: `more()` creates its functions and returns them by name. To create them
 * takes about a twentieth of the time of a call that ends and starts a single job.
 */
const lean = `${prelude}
local shared
local function more()
if shared then return shared end
${records}
shared = {${[...records.matchAll(/^local function (\w+)/gm)].map(([, name]) => `${name} = ${name}`).join(', ')}}
return shared
end`;

function load(name: string, shared = `${prelude}\n${records}`): Script {
  const text = `${shared}\n${read(name)}`;
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Each script is one atomic step. Its head describes arguments and result. */
export const scripts = {
  enqueue: load('enqueue', lean),
  cycle: load('cycle', lean),
  claim: load('claim'),
  progress: load('progress'),
  beat: load('beat'),
  resync: load('resync'),
  reap: load('reap'),
  states: load('states'),
  trim: load('trim'),
  weigh: load('weigh'),
  release: load('release'),
  clear: load('clear'),
  promote: load('promote'),
  cancel: load('cancel'),
  revive: load('revive'),
  audit: load('audit'),
} as const;
export type ScriptName = keyof typeof scripts;
