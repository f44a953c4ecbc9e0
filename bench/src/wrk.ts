import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasWrk = (): boolean => spawnSync('wrk', ['-v']).error === undefined;

export interface Load {
  connections?: number;
  seconds?: number;
  /** a wrk script in Lua: how requests are made */
  script?: string;
}

/** Requests per second that a server completes under load. Throws if a response is not 2xx. */
export function requestsPerSecond(url: string, load: Load = {}): number {
  const output = runWrk(url, load);
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1];
  if (failed !== undefined) throw new Error(`${failed} responses of ${url} were not 2xx`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
}

/** wrk reads its script from a file, which exists only while it runs. */
function runWrk(url: string, { connections = 32, seconds = 2, script }: Load): string {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`];
  if (script === undefined) return execFileSync('wrk', [...args, url], { encoding: 'utf8' });
  const folder = mkdtempSync(join(tmpdir(), 'almanac-wrk-'));
  try {
    const path = join(folder, 'load.lua');
    writeFileSync(path, script);
    return execFileSync('wrk', [...args, '-s', path, url], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A wrk script that requests the paths in turn. It prepares the requests first, so that the client costs the same for every path. */
export const inTurn = (paths: readonly string[]): string =>
  `local paths = {${paths.map((path) => JSON.stringify(path)).join(',')}}
local requests = {}
local i = 0
init = function() for k, path in ipairs(paths) do requests[k] = wrk.format("GET", path) end end
request = function() i = i % #requests + 1; return requests[i] end
`;

/** A wrk script that posts the same JSON body repeatedly. */
export const posting = (path: string, body: unknown): string =>
  `wrk.method = "POST"\nwrk.body = ${JSON.stringify(JSON.stringify(body))}\nwrk.headers["content-type"] = "application/json"\nrequest = function() return wrk.format("POST", "${path}") end\n`;

/** A wrk script that posts different JSON bodies: a growing number replaces the `@` of the body. */
export const postingOthers = (path: string, body: unknown): string =>
  `local body = ${JSON.stringify(JSON.stringify(body))}
local at = body:find("@", 1, true)
local before, after = body:sub(1, at - 1), body:sub(at + 1)
local n = 0
wrk.headers["content-type"] = "application/json"
request = function() n = n + 1; return wrk.format("POST", "${path}", nil, before .. n .. after) end
`;
