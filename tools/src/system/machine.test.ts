import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';
import { socketFolder } from './places.ts';
import { freePorts, isFree, listenerOf, requireFreePorts } from './ports.ts';
import { endProcess, identify, isAlive, memoryOf, signal } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-machine-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function listening(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return { server, port: (server.address() as { port: number }).port };
}

test('a taken port is reported with its process and the fix, on either address', async () => {
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const { server, port } = await listening(host);
    assert.equal(await isFree(port), false);
    if (process.platform === 'linux') assert.match(listenerOf(port) ?? '', new RegExp(`pid ${process.pid}`));
    await assert.rejects(requireFreePorts([port], 'up --port 6000'), (error: Failure) => {
      assert.match(error.message, new RegExp(`port ${port} is taken`));
      assert.match(error.message, /up --port 6000/);
      return error instanceof Failure;
    });
    const [next] = await freePorts(port, 1);
    assert.ok(next !== undefined && next > port);
    server.close();
    await once(server, 'close');
    assert.equal(await isFree(port), true);
    await requireFreePorts([port], '');
  }
});

test('a process is distinguished from a later one with the same pid', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  after(() => child.kill('SIGKILL'));
  const id = identify(child.pid as number);
  assert.equal(isAlive(id), true);
  assert.equal(isAlive({ ...id, started: `${id.started}0` }), false);
  assert.equal(signal({ ...id, started: '1' }, 'SIGKILL'), false);
  // Just after its start a process has hardly any memory yet.
  while ((memoryOf(id.pid) ?? 0) < 1_000_000) await sleep(5);
  const gone = once(child, 'exit');
  await endProcess(id);
  await gone;
  assert.equal(isAlive(id), false);
});

test('a process that ignores SIGTERM is killed', async () => {
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); console.log("on"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const gone = once(child, 'exit');
  await endProcess(identify(child.pid as number), 50);
  assert.deepEqual(await gone, [null, 'SIGKILL']);
});

test('sockets are beside the state, or in a folder with a short path if that path is too long', () => {
  assert.equal(socketFolder(folder), join(folder, 'run'));
  const deep = join(folder, 'x'.repeat(120));
  const short = socketFolder(deep);
  after(() => rmSync(short, { recursive: true, force: true }));
  assert.ok(Buffer.byteLength(join(short, 'renderer-99.sock')) <= 103, short);
  assert.equal(socketFolder(deep), short, 'every call finds the same folder');
});
