import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasWrk = (): boolean => spawnSync('wrk', ['-v']).error === undefined;

export interface Load {
  connections?: number;
  seconds?: number;
  /** a wrk script in Lua: how requests are made */
  script?: string;
}

/** Requests a second that a server answers under load; an answer that is not 2xx ends the benchmark. */
export function requestsPerSecond(url: string, { connections = 32, seconds = 2, script }: Load = {}): number {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`];
  if (script !== undefined) {
    const path = join(mkdtempSync(join(tmpdir(), 'almanac-wrk-')), 'load.lua');
    writeFileSync(path, script);
    args.push('-s', path);
  }
  const output = execFileSync('wrk', [...args, url], { encoding: 'utf8' });
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1];
  if (failed !== undefined) throw new Error(`${failed} answers of ${url} were not 2xx`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
}

/** A wrk script that asks for the given paths in turn; the requests are made beforehand, so that the client costs the same whatever is asked. */
export const inTurn = (paths: readonly string[]): string =>
  `local paths = {${paths.map((path) => JSON.stringify(path)).join(',')}}
local requests = {}
local i = 0
init = function() for k, path in ipairs(paths) do requests[k] = wrk.format("GET", path) end end
request = function() i = i % #requests + 1; return requests[i] end
`;

/** A wrk script that posts one JSON body over and over. */
export const posting = (path: string, body: unknown): string =>
  `wrk.method = "POST"\nwrk.body = ${JSON.stringify(JSON.stringify(body))}\nwrk.headers["content-type"] = "application/json"\nrequest = function() return wrk.format("POST", "${path}") end\n`;

/** A wrk script that posts JSON bodies of which none is like another: the body's `@` is a number that grows. */
export const postingOthers = (path: string, body: unknown): string =>
  `local body = ${JSON.stringify(JSON.stringify(body))}
local at = body:find("@", 1, true)
local before, after = body:sub(1, at - 1), body:sub(at + 1)
local n = 0
wrk.headers["content-type"] = "application/json"
request = function() n = n + 1; return wrk.format("POST", "${path}", nil, before .. n .. after) end
`;
