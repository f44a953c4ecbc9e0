import assert from 'node:assert/strict';
import { fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@almanac/testkit';

const ask = (options: { port?: number; socketPath?: string; agent?: Agent; path: string }) =>
  new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
    get({ host: '127.0.0.1', ...options }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode as number, connection: answer.headers.connection }));
    }).on('error', reject);
  });

async function startSample(env: Record<string, string> = {}, stdio: StdioOptions = ['pipe', 'pipe', 'pipe', 'ipc']) {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-serve-'));
  const port = await freePort();
  const socket = join(folder, 's.sock');
  const child = fork(join(import.meta.dirname, 'fixtures/sample-service.ts'), {
    env: { ...process.env, PORT: String(port), SOCKET: socket, DRAIN_SECONDS: '0.4', ...env },
    stdio,
  });
  let log = '';
  child.stdout?.on('data', (chunk) => {
    log += chunk;
  });
  return { child, port, socket, log: () => log, end: () => rmSync(folder, { recursive: true, force: true }) };
}

test('SIGTERM loses nothing: the service keeps serving with Connection: close, finishes requests, closes in order, exits with 0', async () => {
  const { child, port, socket, log, end } = await startSample();
  await once(child, 'message');
  const steps: unknown[] = [];
  child.on('message', (step) => steps.push(step));
  const agent = new Agent({ keepAlive: true });
  assert.equal((await ask({ port, agent, path: '/livez' })).status, 200);
  assert.equal((await ask({ socketPath: socket, path: '/livez' })).status, 200);
  const slow = ask({ port, path: '/slow?ms=900' });
  await sleep(50);
  const stopping = performance.now();
  child.kill('SIGTERM');
  await sleep(100);
  assert.deepEqual(await ask({ port, agent, path: '/livez' }), { status: 200, connection: 'close' });
  assert.equal((await ask({ socketPath: socket, path: '/readyz' })).status, 503);
  assert.equal((await slow).status, 200);
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(steps, ['stop', 'one', 'three']);
  assert.match(log(), /shutdown step failed/);
  assert.ok(performance.now() - stopping < 3000, 'nothing waits for connections that nobody uses');
  assert.equal(existsSync(socket), false);
  end();
});

test('behind the gateway, the TCP port of a service with a socket serves no API, because web pages reach ports', async () => {
  const { child, port, socket, end } = await startSample({ BEHIND_GATEWAY: 'yes' });
  await once(child, 'message');
  for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json']) assert.equal((await ask({ port, path })).status, 200, path);
  for (const path of ['/slow?ms=0', '/metrics/', '/livez/../slow?ms=0']) assert.equal((await ask({ port, path })).status, 404, path);
  assert.equal((await ask({ socketPath: socket, path: '/slow?ms=0' })).status, 200);
  child.kill('SIGTERM');
  await once(child, 'exit');
  end();
});

test('an unused connection does not delay the shutdown', async () => {
  const { child, port, end } = await startSample();
  await once(child, 'message');
  const unused = connect(port, '127.0.0.1');
  await once(unused, 'connect');
  assert.equal((await ask({ port, path: '/slow?ms=0' })).status, 200, 'the one opened before is accepted by now');
  const asked = performance.now();
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.ok(performance.now() - asked < 20_000, 'it did not wait until the longest grace was over');
  end();
});

test('an invalid configuration is one message and exit code 1', async () => {
  const { child, log, end } = await startSample({ PORT: 'abc' });
  assert.deepEqual(await once(child, 'exit'), [1, null]);
  assert.match(JSON.parse(log().split('\n')[0] as string).msg, /PORT='abc' must be integer/);
  end();
});

test('a port in use is a message and exit code 1', async () => {
  const first = await startSample();
  await once(first.child, 'message');
  const second = await startSample({ PORT: String(first.port) });
  assert.deepEqual(await once(second.child, 'exit'), [1, null]);
  assert.match(second.log(), /EADDRINUSE/);
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
  first.end();
  second.end();
});

for (const [what, stdout] of [
  ['whose reader has died', 'pipe'],
  ['that is full', '/dev/full'],
] as const) {
  test(`a service works and shuts down in order with a standard output ${what}`, { timeout: 60_000 }, async (t) => {
    const fd = stdout === 'pipe' ? undefined : openSync(stdout, 'w');
    const { child, port, end } = await startSample({}, ['ignore', fd ?? 'pipe', 'ignore', 'ipc']);
    if (fd !== undefined) closeSync(fd);
    t.after(() => {
      child.kill('SIGKILL');
      end();
    });
    await once(child, 'message');
    child.stdout?.destroy();
    // Each is a line of the log.
    for (let i = 0; i < 20; i++) assert.equal((await ask({ port, path: '/slow?ms=0' })).status, 200);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
}
