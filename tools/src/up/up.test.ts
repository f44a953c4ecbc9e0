import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findStoreServer } from '../store/find-store.ts';
import type { State } from '../supervisor/state.ts';
import { StreamOutput } from '../system/output.ts';
import { places, root } from '../system/places.ts';
import { isAlive, type ProcessId } from '../system/processes.ts';
import { freeBase } from './free-base.ts';
import { apps } from './plan.ts';
import { isSource } from './watch.ts';
import { watchedFolders } from './watched-folders.ts';

const run = promisify(execFile);
const store = await findStoreServer(new StreamOutput(process.stderr));

/** A checkout with fake services and the real tools. */
const copy = mkdtempSync(join(tmpdir(), 'almanac-up-'));
cpSync(join(root, 'tools'), join(copy, 'tools'), { recursive: true, filter: (path) => !path.includes('node_modules') });
cpSync(join(root, 'libs/domain/src'), join(copy, 'libs/domain/src'), { recursive: true });
for (const app of apps) {
  mkdirSync(join(copy, 'apps', app, 'src'), { recursive: true });
  cpSync(join(import.meta.dirname, 'fixtures/service.ts'), join(copy, 'apps', app, 'src/main.ts'));
}
const base = await freeBase();
const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
const env = {
  ...outside,
  ALMANAC_STORE_SERVER: store.path,
  NODE_COMPILE_CACHE: places.cache(),
  ALMANAC_HOME: join(copy, '.almanac'),
  REDIS_URL: '',
};
const main = join(copy, 'tools/src/main.ts');
const stateFile = join(copy, '.almanac/run/state.json');
const state = () => JSON.parse(readFileSync(stateFile, 'utf8')) as State;
const pidsOf = ({ services, supervisor }: State): ProcessId[] => [supervisor, ...services.flatMap(({ process }) => process ?? [])];

async function almanac(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [main, ...args], { cwd: copy, env: { ...env, ...more } });
    return { code: 0, out: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}

after(async () => {
  await almanac(['down']);
  rmSync(copy, { recursive: true, force: true });
});

const up = ['up', '--port', String(base)];

/** Starts `up` in the foreground; resolves when it is ready. */
async function inFront(
  args: readonly string[] = up,
): Promise<{ child: ChildProcess; output: () => string; ended: Promise<number | null> }> {
  const child = spawn(process.execPath, [main, ...args], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  while (!text.includes('Stop it with Ctrl-C') && child.exitCode === null) await sleep(10);
  return { child, output: () => text, ended };
}

function assertNothingLeft(processes: readonly ProcessId[]): void {
  assert.deepEqual(processes.filter(isAlive), []);
  assert.deepEqual(readdirSync(join(copy, '.almanac/run')), [], 'no socket and no state');
}

test('up prints what a user needs, stops in order, and leaves nothing behind', async () => {
  const { child, output, ended } = await inFront();
  const processes = pidsOf(state());
  assert.equal(processes.length, 7);
  assert.match(
    output(),
    new RegExp(`Almanac is ready at http://127.0.0.1:${base} +\\(first response after [\\d.]+ s, first plots after [\\d.]+ s\\)`),
  );
  assert.equal(readFileSync(join(copy, '.almanac/plots/meteorites.png'), 'utf8'), 'PNG');
  assert.equal(output().match(/^ {2}(curl|\.\/almanac) /gm)?.length, 5, 'five commands to paste');

  const second = await almanac(['up']);
  assert.equal(second.code, 0);
  assert.match(second.out, new RegExp(`already runs at http://127.0.0.1:${base}`));
  for (const { pid } of processes) assert.match(second.out, new RegExp(` ${pid}\\b`));

  child.kill('SIGINT');
  assert.equal(await ended, 0);
  assertNothingLeft(processes);
  const stopped = (service: string) =>
    (
      JSON.parse(
        readFileSync(join(copy, `.almanac/logs/${service}.log`), 'utf8')
          .trim()
          .split('\n')
          .at(-1) as string,
      ) as { time: string }
    ).time;
  assert.ok(stopped('gateway') < stopped('ingest') && stopped('renderer') < stopped('query'), 'gateway first, query after the renderer');
  assert.ok(readFileSync(join(copy, '.almanac/logs/store.log'), 'utf8').includes('bye bye'), 'the store ended in order');
});

test('in the background: status, restart after a crash, logs, down', async () => {
  const start = await almanac([...up, '--detach', '--no-samples', '--renderers', '2']);
  assert.equal(start.code, 0, start.out);
  const processes = pidsOf(state());
  const query = state().services.find(({ name }) => name === 'query')?.process as ProcessId;
  process.kill(query.pid, 'SIGKILL');
  let status = { code: 1, out: '' };
  while (status.code !== 0 || !/query +\d+ +\d+ +\d+ s +1 /.test(status.out)) status = await almanac(['status']);
  assert.match(status.out, /renderer-2 +\d+ +\d+/);
  assert.match((await almanac(['logs', 'query'])).out, /process ended; restarting reason=SIGKILL afterMs=100/);
  assert.match((await almanac(['logs', 'qeury'])).out, /did you mean query\?/);
  const down = await almanac(['down']);
  assert.deepEqual(down, { code: 0, out: `stopping Almanac at http://127.0.0.1:${base}\nStopped.\n` });
  assertNothingLeft(processes);
  assert.equal((await almanac(['status'])).code, 1);
});

test('after a supervisor was killed, the next start cleans up, and so does down', async () => {
  await almanac([...up, '--detach', '--no-samples']);
  const first = pidsOf(state());
  process.kill(state().supervisor.pid, 'SIGKILL');
  const again = await almanac([...up, '--detach', '--no-samples']);
  assert.match(again.out, /Stopped processes that a killed supervisor left behind: gateway, .*store/);
  assert.equal(again.code, 0);
  assert.deepEqual(first.filter(isAlive), []);
  const second = pidsOf(state());
  process.kill(state().supervisor.pid, 'SIGKILL');
  assert.match((await almanac(['down'])).out, /Stopped processes that a killed supervisor left behind/);
  assertNothingLeft(second);
});

test('a home with a path too long for sockets gets a short folder, which is removed at the end', async () => {
  const deep = { ALMANAC_HOME: join(copy, 'x'.repeat(100), '.almanac') };
  const start = await almanac([...up, '--detach', '--no-samples'], deep);
  assert.equal(start.code, 0, start.out);
  const { services } = JSON.parse(readFileSync(join(deep.ALMANAC_HOME, 'run/state.json'), 'utf8')) as State;
  const sockets = services.map(({ socket }) => socket as string);
  assert.ok(
    sockets.every((socket) => socket.length < 104 && existsSync(dirname(socket))),
    sockets.join(),
  );
  assert.equal((await almanac(['down'], deep)).code, 0);
  assert.equal(existsSync(dirname(sockets[0] as string)), false);
});

test('a taken port stops the start before anything runs', async () => {
  const server = createServer().listen(base + 3, '127.0.0.1');
  await once(server, 'listening');
  const [front, background] = [await almanac(up), await almanac([...up, '--detach'])];
  server.close();
  assert.deepEqual(background, front);
  assert.equal(front.code, 1);
  assert.match(front.out, new RegExp(`port ${base + 3} is taken`));
  assert.match(front.out, /Nothing was started. Use other ports: \.\/almanac up --port \d+/);
  assert.equal(existsSync(stateFile), false);
});

test('a service that cannot start is shown with its log, and everything stops', async () => {
  const { code, out } = await almanac(up, { FIXTURE_FAILS: 'jobs' });
  assert.equal(code, 1);
  assert.match(out, /jobs ended 3 times while starting/);
  assert.match(out, /FIXTURE_FAILS is set: this service does not want to/);
  assert.match(out, /logs\/jobs\.log/);
  assert.deepEqual(readdirSync(join(copy, '.almanac/run')), []);
});

test('an external store is used, and an unreachable one is named', async () => {
  const { code, out } = await almanac([...up, '--redis-url', 'redis://:secret@127.0.0.1:1']);
  assert.equal(code, 1);
  assert.match(out, /The store at redis:\/\/:\.\.\.@127.0.0.1:1 is unreachable: ECONNREFUSED/);
  assert.equal((await almanac([...up, '--redis-url', 'localhost'])).code, 2);
});

test('dev restarts the service whose file changed', async () => {
  const { child, output, ended } = await inFront(['dev', '--port', String(base), '--no-samples']);
  const file = join(copy, 'apps/query/src/main.ts');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
  while (!output().includes('file changed; restarting file=apps/query/src/main.ts')) await sleep(10);
  while (output().match(/query +listening/g)?.length !== 1) await sleep(10);
  assert.equal(output().match(/file changed; restarting/g)?.length, 1, 'the other services stay');
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert.deepEqual(readdirSync(join(copy, '.almanac/run')), []);
});

test('an app is watched with every library it depends on, except tests', () => {
  const folders = watchedFolders('renderer');
  for (const folder of ['apps/renderer/src', 'libs/plots/src', 'libs/domain/src', 'libs/queue/src'])
    assert.ok(folders.includes(join(root, folder)), folder);
  assert.ok(!folders.includes(join(root, 'libs/formats/src')));
  assert.deepEqual(['a.ts', 'lua/x.lua', 'x.test.ts', 'golden/a.json', 'x.swp'].map(isSource), [true, true, false, false, false]);
});
