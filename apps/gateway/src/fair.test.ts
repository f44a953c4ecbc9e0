import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Cleaner, countOf, openSocket, readBody, sendText, startGateway, startStub, until } from './testing.ts';

// One client cannot use all connections: 127.0.0.1 is the greedy client, 127.0.0.2 another one.
const other = { localAddress: '127.0.0.2' };
const LARGE = 64 << 20;

/** A service with event streams, waits, large responses and uploads; other requests get a response at once. */
function listener(request: IncomingMessage, answer: ServerResponse): void {
  const url = request.url as string;
  if (url.includes('/events')) answer.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  else if (url.includes('/take') || request.headers.prefer !== undefined) request.resume();
  else if (url.endsWith('.csv')) {
    answer.writeHead(200, { 'content-length': LARGE });
    const piece = Buffer.alloc(1 << 16, 'x');
    let left = LARGE / piece.length;
    const write = () => {
      while (left-- > 0) if (!answer.write(piece)) return answer.once('drain', write);
      return answer.end();
    };
    write();
  } else
    readBody(request).then(
      () => sendText(answer, 'ok'),
      () => {},
    );
}

/** Opens connections that send `bytes` and read nothing. */
async function open(t: Cleaner, port: number, count: number, bytes: string, from?: string): Promise<Socket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => openSocket(port, from)));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.pause().write(bytes);
  return sockets;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const text = async (socket: Socket): Promise<string> => {
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.resume();
  await until(() => got.includes('\r\n\r\n') && got.includes('}'), 'an answer', 10_000);
  return got;
};

for (const [name, bytes] of [
  ['event streams', get('/v1/jobs/events')],
  ['waits for a job', 'POST /v1/jobs HTTP/1.1\r\nHost: x\r\nPrefer: respond-async, wait=60\r\nContent-Length: 2\r\n\r\n{}'],
  ['waits for work', 'POST /v1/processes/p/take?wait=60 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'],
] as const) {
  test(`100 ${name} of one client take no connection from short requests, not even its own`, async (t) => {
    const stub = await startStub(t, listener);
    const { base, port } = await startGateway(t, stub.url);
    await open(t, port, 100, bytes);
    await until(() => stub.hits.length === 100, 'all are open');
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => ask(`${base}/v1/jobs`, { method: i % 2 === 0 ? 'GET' : 'POST' })),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.match((await ask(`${base}/readyz`)).body, /"connections":{"status":"pass"}/);
  });
}

test('a client that holds its share of the streams gets 429 for another one; other clients get a stream', async (t) => {
  const stub = await startStub(t, listener);
  const { base, port } = await startGateway(t, stub.url, { streams: 16, waitMs: 100 });
  await open(t, port, 8, get('/v1/jobs/events'));
  await until(() => stub.hits.length === 8, 'its share is open');
  const [ninth] = (await open(t, port, 1, get('/v1/jobs/1/events'))) as [Socket];
  const refusal = await text(ninth);
  assert.match(refusal, /^HTTP\/1\.1 429 [\s\S]*retry-after: 5[\s\S]*this client holds 8 of the 16 event streams and waits/i);
  assert.match(refusal, /"limit":16,"value":8,"unit":"streams"/);
  await open(t, port, 1, get('/v1/jobs/events'), other.localAddress);
  await until(() => stub.hits.length === 9, 'the other client has its stream');
  const ready = await ask(`${base}/readyz`);
  assert.equal(ready.status, 200);
  assert.match(ready.body, /"connections":{"status":"warn","output":"jobs: streams and waits: 9 of 16 in use/);
  assert.ok((await countOf(base, 'gateway_failures_total')) >= 1);
});

test('if many clients use all streams, a further one gets 503', async (t) => {
  const stub = await startStub(t, listener);
  const { port } = await startGateway(t, stub.url, { streams: 2, waitMs: 100 });
  for (const from of ['127.0.0.3', '127.0.0.4']) await open(t, port, 1, get('/v1/jobs/events'), from);
  await until(() => stub.hits.length === 2, 'both are open');
  const [late] = (await open(t, port, 1, get('/v1/jobs/events'))) as [Socket];
  assert.match(await text(late), /^HTTP\/1\.1 503 [\s\S]*retry-after: 5[\s\S]*all 2 event streams and waits are in use/i);
});

for (const [name, bytes, path] of [
  ['readers that do not read', get('/v1/datasets/x.csv'), '/v1/datasets'],
  ['uploads that stand still', 'PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nab', '/v1/datasets'],
  ['uploads in chunks', 'PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n', '/v1/datasets'],
] as const) {
  test(`64 ${name}: another client gets a response at once, the same client within the maximum wait`, async (t) => {
    const stub = await startStub(t, listener);
    const { base, port } = await startGateway(t, stub.url, { waitMs: 500, stallMs: 60_000 });
    await open(t, port, 64, bytes);
    await until(() => stub.hits.length === 32, 'its share is in use');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(base + path, { ...other, method: name.startsWith('r') ? 'GET' : 'POST' })),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const own = await ask(base + path, { method: name.startsWith('r') ? 'GET' : 'POST' });
    assert.deepEqual([own.status, own.headers['retry-after']], [503, '1']);
    assert.match(own.body, /is overloaded: this client holds 32 of the 64 connections/);
  });
}

test('slow uploads end with 408, sooner if their client needs more connections', async (t) => {
  const stub = await startStub(t, listener);
  const { base, port } = await startGateway(t, stub.url, { connections: 8, stallMs: 2_000, waitMs: 10_000 });
  const sockets = await open(t, port, 8, 'PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nab');
  const drip = setInterval(() => {
    for (const socket of sockets) socket.write('cd');
  }, 20);
  t.after(() => clearInterval(drip));
  const own = await ask(`${base}/v1/datasets`, { method: 'POST', body: 'x' });
  assert.equal(own.status, 200);
  clearInterval(drip);
  const answer = await text(sockets[0] as Socket);
  assert.match(
    answer,
    /^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*The body arrived too slowly: \d+ bytes in the last [\d.]+ s; at least 1,024/i,
  );
  assert.ok((await countOf(base, 'gateway_stalls_total')) > 0);
});

test('an upload above the minimum rate completes while others wait', async (t) => {
  const stub = await startStub(t, listener);
  const { base, port } = await startGateway(t, stub.url, { connections: 2, stallMs: 1_000, waitMs: 10_000 });
  const [slow] = (await open(t, port, 1, 'PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 80000\r\n\r\nx')) as [Socket];
  await until(() => stub.hits.length === 1, 'the upload has its connection');
  const waiting = ask(`${base}/v1/datasets`, { method: 'POST' });
  for (let i = 0; i < 20; i++) {
    slow.write('x'.repeat(i === 0 ? 3_999 : 4_000));
    await sleep(40);
  }
  assert.equal((await waiting).status, 200);
  assert.equal((await once(slow.resume(), 'data')).toString().startsWith('HTTP/1.1 200'), true);
});

test('a slow download above the minimum rate continues while others wait', async (t) => {
  const stub = await startStub(t, listener);
  const { base, port } = await startGateway(t, stub.url, { connections: 2, stallMs: 2_000, waitMs: 200 });
  const [slow] = (await open(t, port, 1, get('/v1/datasets/x.csv'))) as [Socket];
  let got = 0;
  slow.on('data', (chunk: Buffer) => {
    got += chunk.length;
    slow.pause();
    setTimeout(() => slow.resume(), chunk.length / 16_000);
  });
  slow.resume();
  const answers = new Set<number>();
  while (got < LARGE && !slow.destroyed) {
    answers.add((await ask(`${base}/v1/datasets`)).status);
    await sleep(50);
  }
  assert.ok(got >= LARGE, `${got} bytes came`);
  assert.deepEqual(
    [...answers].filter((status) => status !== 200 && status !== 503),
    [],
  );
});

test('100 clients that do not read: the gateway buffers at most two chunks for each connection to the service', async (t) => {
  const stub = await startStub(t, listener);
  const { app, base, port } = await startGateway(t, stub.url);
  const clients = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => clients.add(socket));
  const held = () => [...clients].reduce((sum, { writableLength }) => sum + writableLength, 0);
  for (let i = 0; i < 5; i++) await open(t, port, 20, get('/v1/datasets/x.csv'), `127.0.0.${10 + i}`);
  // The operating system buffers some megabytes of each response first.
  await until(
    () => [...clients].filter(({ writableNeedDrain }) => writableNeedDrain).length === stub.hits.length,
    'all stand still',
    30_000,
  );
  t.diagnostic(`${clients.size} readers, ${stub.hits.length} answers, ${held()} bytes held`);
  assert.ok(stub.hits.length > 50 && stub.hits.length <= 64, `${stub.hits.length} answers at a time`);
  assert.ok(held() <= stub.hits.length * (2 << 16), `${held()} bytes held`);
  assert.equal((await ask(`${base}/v1/datasets/g/records/1`, { localAddress: '127.0.0.20' })).status, 200);
  assert.equal((await ask(`${base}/v1/datasets`, { localAddress: '127.0.0.20' })).status, 200);
});

test('unread small responses are buffered within a limit, and only the greedy client loses a connection', async (t) => {
  const stub = await startStub(t, (_, answer) => sendText(answer, 'x'.repeat(250_000)));
  const { app, base, port } = await startGateway(t, stub.url, { heldBytes: 4 << 20, slowMs: 60_000 });
  const record = '/v1/datasets/genes/records/1';
  const greedy = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => socket.remoteAddress === '127.0.0.3' && greedy.add(socket));
  const sockets = await open(t, port, 4, get(record).repeat(8), '127.0.0.3');
  const isOver = () => greedy.size === 4 && [...greedy].every(({ destroyed }) => destroyed);
  // The operating system buffers some megabytes of each connection first.
  for (let i = 0; i < 200 && !isOver(); i++) {
    for (const socket of sockets) socket.write(get(record).repeat(8));
    await sleep(50);
  }
  assert.ok(isOver(), 'its connections were closed');
  const answer = await ask(base + record, other);
  assert.deepEqual([answer.status, answer.body.length], [200, 250_000]);
  assert.ok(app.server.listening);
});

test('the number of pipelined requests without a read response is limited', async (t) => {
  const stub = await startStub(t, listener);
  const { port } = await startGateway(t, stub.url);
  const [socket] = (await open(t, port, 1, get('/v1/datasets/genes/records/1').repeat(100))) as [Socket];
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  socket.resume();
  await until(() => socket.destroyed, 'the connection ends');
  const statuses = got.match(/HTTP\/1\.1 \d+/g) ?? [];
  assert.deepEqual([statuses.length, statuses.at(-1), new Set(statuses.slice(0, -1)).size], [17, 'HTTP/1.1 429', 1]);
  assert.match(got, /too many requests without reading the responses: 17 requests, the limit is 16 requests/);
});

test('a body that crashes its service does not reach the next replica', async (t) => {
  for (const [method, path] of [
    ['PUT', '/v1/datasets/x'],
    ['POST', '/v1/datasets'],
    ['DELETE', '/v1/datasets/x'],
    ['PATCH', '/v1/jobs/1/progress'],
  ] as const) {
    const dies = (request: IncomingMessage) => void request.resume().on('end', () => request.socket.destroy());
    const stubs = await Promise.all([startStub(t, dies), startStub(t, dies)]);
    const { base } = await startGateway(t, stubs.map(({ url }) => url).join(','));
    const { status, body } = await ask(base + path, { method, body: 'poison' });
    assert.equal(status, 502, method);
    assert.match(body, /may have taken effect/);
    assert.equal(stubs[0]!.hits.length + stubs[1]!.hits.length, 1, method);
  }
});
