import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from '../system/processes.ts';
import { LogFiles } from './log-files.ts';
import type { ServiceSpec } from './service.ts';
import { cleanLeftovers, readState, running, type State, writeState } from './state.ts';
import { ServiceFailure, Supervisor } from './supervisor.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-supervisor-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const quick = { first: 20, most: 80, steady: 10_000 };
const waits =
  'process.on("SIGTERM", () => { console.log(JSON.stringify({level: "info", msg: "bye"})); process.exit(0); }); console.log("on"); setInterval(() => {}, 1000);';

/** A service that runs a script. It is ready after it has printed `on`. */
function spec(name: string, script: string, output: Map<string, string[]>): ServiceSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    env: process.env,
    isReady: async () => output.get(name)?.includes('on') === true,
  };
}

function supervise(scripts: Record<string, string>, stages: string[][]) {
  const output = new Map<string, string[]>();
  const ends: string[] = [];
  const supervisor = new Supervisor(
    Object.entries(scripts).map(([name, script]) => spec(name, script, output)),
    stages,
    {
      line: (name, line) => {
        output.set(name, [...(output.get(name) ?? []), line]);
        if (line.includes('bye')) ends.push(name);
      },
      change: () => {},
    },
    quick,
  );
  after(() => supervisor.hurry());
  return { supervisor, output, ends };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await sleep(5);
};

test('services start together and stop stage by stage', async () => {
  const { supervisor, ends } = supervise({ store: waits, door: waits, middle: waits }, [['door'], ['middle'], ['store']]);
  supervisor.start();
  await supervisor.ready(() => {}, 10_000);
  assert.equal(supervisor.pids.length, 3);
  assert.deepEqual(
    supervisor.states.map(({ name }) => name),
    ['door', 'middle', 'store'],
  );
  const stages: string[] = [];
  await supervisor.stop((names) => stages.push(names.join()));
  assert.deepEqual(ends, ['door', 'middle', 'store']);
  assert.deepEqual(stages, ['door', 'middle', 'store']);
  assert.deepEqual(supervisor.pids, []);
});

test('a process that ends is restarted, with growing delays, until it is stopped', async () => {
  const { supervisor, output } = supervise({ frail: 'console.log("on"); process.exit(3);' }, [['frail']]);
  supervisor.start();
  const delays = () =>
    (output.get('frail') ?? [])
      .map((line) => /restarting","reason":"exit code 3","afterMs":(\d+)/.exec(line)?.[1])
      .filter((v) => v !== undefined);
  await until(() => delays().length >= 4);
  await supervisor.stop();
  const times = output.get('frail')?.length;
  assert.deepEqual(delays().slice(0, 4), ['20', '40', '80', '80']);
  assert.ok((supervisor.states[0]?.restarts ?? 0) >= 4);
  await sleep(120);
  assert.equal(output.get('frail')?.length, times, 'nothing starts after stop()');
});

test('a service that never becomes ready ends the start with its last lines', async () => {
  const { supervisor } = supervise({ wrong: 'console.error("PORT is not set"); process.exit(1);' }, [['wrong']]);
  supervisor.start();
  await assert.rejects(
    supervisor.ready(() => {}, 10_000),
    (error: ServiceFailure) => {
      assert.ok(error instanceof ServiceFailure);
      assert.equal(error.service, 'wrong');
      assert.match(error.message, /ended 3 times while starting/);
      assert.deepEqual(error.lines, ['PORT is not set'], 'of its last try alone');
      return true;
    },
  );
  await supervisor.stop();
});

test('a process that ignores SIGTERM is killed on a second signal, with its children', async () => {
  const child = 'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {stdio: "ignore"}).pid';
  const { supervisor, output } = supervise(
    {
      deaf: `process.on("SIGTERM", () => {}); console.log("child " + ${child}); console.log("on"); setInterval(() => {}, 1000);`,
      store: waits,
    },
    [['deaf'], ['store']],
  );
  supervisor.start();
  await supervisor.ready(() => {}, 10_000);
  const grandchild = identify(Number(output.get('deaf')?.[0]?.split(' ')[1]));
  assert.notEqual(grandchild.started, '');
  const stopped = supervisor.stop();
  supervisor.hurry();
  await stopped;
  assert.deepEqual(supervisor.pids, []);
  await until(() => identify(grandchild.pid).started !== grandchild.started);
  assert.ok(
    output.get('store')?.some((line) => line.includes('bye')),
    'the store still ends in order',
  );
});

test('a changed service restarts at once', async () => {
  const { supervisor } = supervise({ one: waits }, [['one']]);
  supervisor.start();
  await supervisor.ready(() => {}, 10_000);
  const [before] = supervisor.pids;
  await supervisor.service('one')?.restart(1_000);
  assert.notEqual(supervisor.pids[0], before);
  assert.equal(supervisor.states[0]?.restarts, 1);
  await supervisor.stop();
});

test('the state lists what runs, and processes of a killed supervisor are stopped', async () => {
  const path = join(folder, 'state.json');
  const socket = join(folder, 'left.sock');
  const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  after(() => left.kill('SIGKILL'));
  writeFileSync(socket, '');
  const state: State = {
    schema: 1,
    phase: 'ready',
    supervisor: identify(process.pid),
    since: new Date().toISOString(),
    url: 'http://127.0.0.1:1',
    store: { url: 'unix:x', server: 'Redis' },
    services: [{ name: 'query', process: identify(left.pid as number), since: '', restarts: 0, socket }],
  };
  writeState(state, path);
  assert.deepEqual(running(path), state);
  assert.deepEqual(await cleanLeftovers(path), [], 'nothing is touched while the supervisor lives');

  writeState({ ...state, supervisor: { pid: process.pid, started: '1' } }, path);
  assert.equal(running(path), undefined, 'a pid that was used again is not ours');
  const gone = once(left, 'exit');
  assert.deepEqual(await cleanLeftovers(path), ['query']);
  await gone;
  assert.equal(existsSync(socket), false);
  assert.equal(readState(path), undefined);

  writeFileSync(path, '{"schema": 1, "supervi');
  assert.equal(readState(path), undefined, 'half a file is none');
});

test('the log of the previous run is kept', () => {
  const logs = join(folder, 'logs');
  for (const word of ['first', 'second', 'third']) {
    const files = new LogFiles(logs);
    files.write('query', word);
    files.close();
  }
  assert.equal(readFileSync(join(logs, 'query.log'), 'utf8'), 'third\n');
  assert.equal(readFileSync(join(logs, 'query.log.1'), 'utf8'), 'second\n');
});
