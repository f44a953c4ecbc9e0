import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { freePort } from '@almanac/testkit';
import { ask, countOf, openSocket, ServiceProcess, sendText, startGateway, startStub, until } from './testing.ts';

const record = (key: number | string) => `/v1/datasets/genes/records/${key}`;
const get = (key: number | string) => `GET ${record(key)} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** The number of connections that a stub accepted. */
function countConnections(server: http.Server): () => number {
  let count = 0;
  server.on('connection', () => {
    count++;
  });
  return () => count;
}

test('quick requests share few connections, and every response matches its request', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    const key = (request.url as string).split('/').at(-1) as string;
    setTimeout(() => sendText(answer, `{"key":"${key}"}`, { etag: `"${key}"` }), Number(key) % 4);
  });
  const connections = countConnections(stub.server);
  const { base } = await startGateway(t, stub.url, { slowMs: 5_000 });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 48 });
  t.after(() => agent.destroy());
  const keys = Array.from({ length: 600 }, (_, i) => i);
  const answers = await Promise.all(keys.map((key) => ask(base + record(key), { agent })));
  for (const key of keys) {
    assert.equal(answers[key]?.body, `{"key":"${key}"}`);
    assert.equal(answers[key]?.headers.etag, `"${key}"`);
  }
  assert.equal(stub.hits.length, 600);
  assert.ok(connections() <= 4, `${connections()} connections`);
  assert.equal(await countOf(base, 'gateway_quick_misuse_total'), 0);
});

test('requests of one turn of the event loop are sent in one write', async (t) => {
  const stub = await startStub(t, (_, answer) => sendText(answer, 'x'));
  const chunks: string[] = [];
  stub.server.on('connection', (socket) => socket.on('data', (chunk) => chunks.push(String(chunk))));
  const { port, base } = await startGateway(t, stub.url, { shared: 1 });
  await ask(base + record(0));
  chunks.length = 0;
  const client = await openSocket(port);
  client.write(get(1) + get(2) + get(3));
  await until(() => stub.hits.length === 4, 'all three asked');
  client.destroy();
  assert.equal(chunks.join('').match(/^GET /gm)?.length, 3);
  // Node's server emits the pipelined requests of a client in one turn.
  assert.equal(chunks.length, 1);
});

test('responses to HEAD, 304 and 204 keep the order', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    if (request.url?.endsWith('/304')) answer.writeHead(304, { etag: '"1"', 'content-length': 5 }).end();
    else if (request.url?.endsWith('/204')) answer.writeHead(204).end();
    else if (request.url?.endsWith('/404')) answer.writeHead(404, { 'content-length': 2 }).end('no');
    else sendText(answer, 'plain');
  });
  const { base } = await startGateway(t, stub.url, { shared: 1 });
  const [a, b, c, d, e] = await Promise.all(['304', '1', '204', '404', '2'].map((key) => ask(base + record(key))));
  assert.deepEqual([a?.status, b?.body, c?.status, d?.body, e?.body], [304, 'plain', 204, 'no', 'plain']);
  const head = await ask(base + record(1), { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', '']);
});

test('a response without a length, or too large, reaches its client complete, and so do the next ones', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    if (request.url?.endsWith('/chunked')) {
      answer.write('part one, ');
      setTimeout(() => answer.end('part two'), 5);
    } else if (request.url?.endsWith('/large')) sendText(answer, 'y'.repeat(300_000));
    else sendText(answer, 'plain');
  });
  const { base } = await startGateway(t, stub.url, { shared: 1 });
  const [chunked, one, large, two] = await Promise.all(['chunked', '1', 'large', '2'].map((key) => ask(base + record(key))));
  assert.equal(chunked?.body, 'part one, part two');
  assert.equal(large?.body.length, 300_000);
  assert.deepEqual([one?.body, two?.body], ['plain', 'plain']);
  assert.ok((await countOf(base, 'gateway_quick_misuse_total')) >= 1);
});

test('a slow response delays only the requests that wait already', async (t) => {
  let release = () => {};
  const stub = await startStub(t, (request, answer) => {
    if (request.url?.endsWith('/slow')) release = () => sendText(answer, 'slow');
    else sendText(answer, 'quick');
  });
  const { base } = await startGateway(t, stub.url, { shared: 1, slowMs: 20 });
  const slow = ask(base + record('slow'));
  await until(() => stub.hits.length === 1, 'the slow one is asked');
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal((await ask(base + record(1))).body, 'quick');
  release();
  assert.equal((await slow).body, 'slow');
});

test('a client that disconnects does not affect others', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    const key = (request.url as string).split('/').at(-1) as string;
    setTimeout(() => sendText(answer, key), 2);
  });
  const { base, port } = await startGateway(t, stub.url);
  let isOver = false;
  const rude = async () => {
    while (!isOver) {
      const socket = await openSocket(port);
      socket.write(get('gone') + get('gone'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      socket.destroy();
    }
  };
  const rudes = [rude(), rude()];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  t.after(() => agent.destroy());
  const keys = Array.from({ length: 300 }, (_, i) => String(i));
  const answers = await Promise.all(keys.map((key) => ask(base + record(key), { agent })));
  isOver = true;
  await Promise.all(rudes);
  assert.deepEqual(
    answers.map(({ body }) => body),
    keys,
  );
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`${signal} to one of two services: no request is lost or mixed up`, async (t) => {
    const [a, b] = [new ServiceProcess(await freePort()), new ServiceProcess(await freePort())];
    await Promise.all([a.start(), b.start()]);
    t.after(() => Promise.all([a.stop('SIGKILL'), b.stop('SIGKILL')]));
    const { base, app } = await startGateway(t, `${a.url},${b.url}`);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
    t.after(() => agent.destroy());
    let isOver = false;
    let asked = 0;
    const wrong: unknown[] = [];
    const client = async () => {
      while (!isOver) {
        const key = String(++asked);
        const answer = await ask(base + record(key), { agent }).catch((error: Error) => ({ status: error.message, body: '' }));
        if (answer.status !== 200 || answer.body !== key) wrong.push({ key, ...answer });
      }
    };
    const clients = Array.from({ length: 24 }, client);
    await until(() => asked > 200, 'the load runs');
    await b.stop(signal);
    await b.start();
    const then = asked;
    await until(() => asked > then + 200, 'the load goes on');
    isOver = true;
    await Promise.all(clients);
    assert.deepEqual(wrong, []);
    const again = await countOf(base, 'gateway_retries_total');
    if (signal === 'SIGKILL') assert.ok(again > 0, 'the kill hit nobody: the test shows nothing');
    assert.equal(app.drain.isDraining, false);
  });
}

test('idle connections close before the drain of a service ends', async (t) => {
  const stub = await startStub(t, (_, answer) => sendText(answer, 'x'));
  const { base } = await startGateway(t, stub.url, { idleMs: 50 });
  const closed: Promise<unknown>[] = [];
  stub.server.on('connection', (socket) => closed.push(once(socket, 'close')));
  await ask(base + record(1));
  await ask(`${base}/v1/datasets`);
  assert.equal(closed.length, 2);
  await Promise.all(closed);
});

test('a connection is replaced when it is old or was used often', async (t) => {
  const stub = await startStub(t, (_, answer) => sendText(answer, 'x'));
  const connections = countConnections(stub.server);
  const { base } = await startGateway(t, stub.url, { shared: 1, sharedUses: 3, uses: 2 });
  for (let i = 0; i < 6; i++) await ask(base + record(i));
  assert.equal(connections(), 2);
  for (let i = 0; i < 4; i++) await ask(`${base}/v1/datasets`);
  assert.equal(connections(), 4);
  const young = await startGateway(t, stub.url, { shared: 1, lifeMs: 20 });
  for (let i = 0; i < 2; i++) {
    await ask(`${young.base}/v1/datasets`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  assert.equal(connections(), 6);
});
