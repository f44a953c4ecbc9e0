import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { routes } from './map.ts';
import { ask, converse, countOf, deadAddress, openSocket, readBody, sendText, startGateway, startStub, until } from './testing.ts';

const rows = '/v1/datasets/genes/records';

test('only the gateway sets the forwarded headers, and hop-by-hop headers are removed in both directions', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    const extra = {
      connection: 'keep-alive, x-inner',
      'keep-alive': 'timeout=9',
      'proxy-authenticate': 'Basic',
      'x-inner': '1',
      'x-outer': '2',
    };
    sendText(answer, JSON.stringify(request.headers), extra);
  });
  const { base, port } = await startGateway(t, stub.url);
  const headers = {
    connection: 'keep-alive, X-Secret',
    'x-secret': '1',
    'keep-alive': 'timeout=5',
    te: 'trailers',
    upgrade: 'h2c',
    'proxy-authorization': 'Basic x',
    forwarded: 'for=6.6.6.6',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'gopher',
    'x-real-ip': '6.6.6.6',
    'x-request-id': 'mine-1',
    'x-kept': 'b',
  };
  for (const path of [rows, `${rows}/1`]) {
    const answer = await ask(base + path, { headers });
    const heard = JSON.parse(answer.body) as http.IncomingHttpHeaders;
    for (const name of ['x-secret', 'keep-alive', 'te', 'upgrade', 'proxy-authorization', 'forwarded', 'x-real-ip'])
      assert.equal(heard[name], undefined, name);
    assert.deepEqual(
      [heard['x-forwarded-for'], heard['x-forwarded-proto'], heard['x-forwarded-host'], heard.host, heard['x-request-id'], heard['x-kept']],
      ['127.0.0.1', 'http', `127.0.0.1:${port}`, `127.0.0.1:${port}`, 'mine-1', 'b'],
    );
    assert.deepEqual(
      [answer.headers['x-inner'], answer.headers['proxy-authenticate'], answer.headers['x-outer']],
      [undefined, undefined, '2'],
    );
    assert.equal(answer.headers['x-request-id'], 'mine-1');
    assert.notEqual(answer.headers['keep-alive'], 'timeout=9');
  }
  assert.match((await ask(base + rows)).headers['x-request-id'] as string, /^[\w-]+$/);
});

test('bodies arrive complete: small and large, with a length and in chunks, of any type', async (t) => {
  const stub = await startStub(t, async (request, answer) => {
    const body = await readBody(request);
    sendText(
      answer,
      `${request.method} ${request.headers['content-length'] ?? request.headers['transfer-encoding']} ${body.length} ${body.slice(-3)}`,
    );
  });
  const { base } = await startGateway(t, stub.url);
  const put = (body: string, headers: http.OutgoingHttpHeaders = {}) => ask(`${base}/v1/datasets/x`, { method: 'PUT', body, headers });
  assert.equal((await put('abc')).body, 'PUT 3 3 abc');
  assert.equal((await put(`${'x'.repeat(300_000)}end`)).body, 'PUT 300003 300003 end');
  assert.equal((await put('small', { 'transfer-encoding': 'chunked' })).body, 'PUT chunked 5 all');
  assert.equal((await ask(`${base}/v1/jobs`, { method: 'POST' })).body, 'POST 0 0 ');
  assert.equal((await ask(`${base}/v1/datasets/x`, { method: 'DELETE' })).status, 200);
});

test('a client may pipeline, use HTTP/1.0, HEAD or Expect: 100-continue, and send byte by byte', async (t) => {
  const stub = await startStub(t, async (request, answer) => {
    const body = await readBody(request);
    if (request.url?.startsWith('/v1/processes')) answer.end('no length');
    else sendText(answer, `<${request.method} ${request.url} ${body}>`);
  });
  const { port } = await startGateway(t, stub.url);
  const h = 'Host: x\r\n';
  const pipelined = await converse(
    port,
    `GET ${rows} HTTP/1.1\r\n${h}\r\nGET ${rows}/1 HTTP/1.1\r\n${h}\r\nPOST /v1/jobs HTTP/1.1\r\n${h}Content-Length: 3\r\n\r\nabcGET /v1/nothing HTTP/1.1\r\n${h}\r\nGET /v1/processes HTTP/1.1\r\n${h}\r\n`,
  );
  assert.match(pipelined, /<GET [^ ]*records >[\s\S]*<GET [^ ]*records\/1 >[\s\S]*<POST [^ ]*jobs abc>[\s\S]* 404 [\s\S]*no length/);
  const old = await converse(port, `GET ${rows} HTTP/1.0\r\n\r\n`);
  assert.match(old, /connection: close[\s\S]*<GET/i);
  const head = await converse(port, `HEAD ${rows} HTTP/1.1\r\n${h}Connection: close\r\n\r\n`);
  assert.match(head, /^HTTP\/1\.1 200 [\s\S]*content-length: \d+[\s\S]*\r\n\r\n$/i);
  assert.match(
    await converse(port, `POST /v1/jobs HTTP/1.1\r\n${h}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`),
    /^HTTP\/1\.1 100 Continue/,
  );

  const socket = await openSocket(port);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const slow = `POST /v1/jobs HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-T: 1\r\n\r\nGET ${rows}/7 HTTP/1.1\r\n${h}\r\n`;
  for (const byte of slow) await new Promise((resolve) => socket.write(byte, resolve));
  await until(() => text.includes('records/7'), 'both answers');
  assert.match(text, /<POST \/v1\/jobs hello world>/);
  socket.destroy();
});

test('a stream is forwarded event by event, and ends when its client disconnects', async (t) => {
  let events: http.ServerResponse | undefined;
  let isClosed = false;
  const stub = await startStub(t, (_, answer) => {
    events = answer.writeHead(200, { 'content-type': 'text/event-stream' });
    answer.flushHeaders();
    answer.on('close', () => {
      isClosed = true;
    });
  });
  const { base } = await startGateway(t, stub.url);
  const request = http.get(`${base}/v1/jobs`, { agent: false });
  request.on('error', () => {});
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  for (const n of [1, 2, 3]) {
    events?.write(`data: ${n}\n\n`);
    assert.equal(String((await once(answer, 'data'))[0]), `data: ${n}\n\n`);
  }
  request.destroy();
  await until(() => isClosed, 'the service hears that the client left', 1_000);
});

test('if a client disconnects while it waits or uploads, the service’s connection closes too', async (t) => {
  let gone = 0;
  const stub = await startStub(t, (request, answer) => {
    request.resume();
    request.on('error', () => {});
    answer.on('close', () => gone++);
  });
  const { base, port } = await startGateway(t, stub.url);
  const waiting = http.get(base + rows, { agent: false });
  waiting.on('error', () => {});
  await until(() => stub.hits.length === 1, 'asked');
  waiting.destroy();
  await until(() => gone === 1, 'the service hears it', 1_000);
  const upload = await openSocket(port);
  upload.write(`PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(100_000)}`);
  await until(() => stub.hits.length === 2, 'uploading');
  upload.destroy();
  await until(() => gone === 2, 'the service hears it', 1_000);
});

test('a response before the end of the body reaches the client, and the connection stays usable', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    if (request.method === 'PUT') answer.writeHead(413, { 'content-length': 7 }).end('too big');
    else sendText(answer, 'next');
  });
  const { port } = await startGateway(t, stub.url);
  const socket = await openSocket(port);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write('PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nfirst');
  await until(() => text.includes('too big'), 'the answer');
  assert.match(text, /^HTTP\/1\.1 413 /);
  socket.write(`${'x'.repeat(999_995)}GET ${rows} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await until(() => text.endsWith('next'), 'the next answer on the same connection');
  socket.destroy();
});

test('a stalled body ends with 408, a slow one above the minimum rate does not', async (t) => {
  let gone = 0;
  const stub = await startStub(t, async (request, answer) => {
    answer.on('close', () => gone++);
    await readBody(request).then(
      (body) => sendText(answer, body),
      () => {},
    );
  });
  const { port } = await startGateway(t, stub.url, { stallMs: 500, smallBody: 10, bytesPerSecond: 10 });
  for (const length of [9, 100]) {
    const text = await converse(port, `PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\nabc`, 3_000);
    assert.match(text, /^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*request-timeout/i);
  }
  await until(() => gone === 1, 'the service hears it');
  const socket = await openSocket(port);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write('PUT /v1/datasets/x HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n');
  for (let i = 0; i < 12; i++) {
    socket.write(String(i % 10));
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await until(() => text.endsWith('012345678901'), 'the answer');
  socket.destroy();
});

test('an unread response does not hold its connection forever', async (t) => {
  let isClosed = false;
  const stub = await startStub(t, (_, answer) => {
    answer.on('close', () => {
      isClosed = true;
    });
    answer.writeHead(200, { 'content-length': 64 << 20 });
    answer.write(Buffer.alloc(64 << 20, 'x'));
  });
  const { port } = await startGateway(t, stub.url, { stallMs: 50 });
  const socket = await openSocket(port);
  socket.write(`GET ${rows} HTTP/1.1\r\nHost: x\r\n\r\n`);
  socket.pause();
  await until(() => isClosed, 'the connection to the service closes');
  socket.destroy();
});

test('a header that undici does not accept is a 400', async (t) => {
  const stub = await startStub(t, (request, answer) => sendText(answer, request.headers['x-a'] as string));
  const { port } = await startGateway(t, stub.url);
  const text = await converse(port, `GET ${rows} HTTP/1.1\r\nHost: x\r\nX-A: a\x7fb\r\nConnection: close\r\n\r\n`);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.deepEqual(stub.hits, []);
});

test('every route reaches the service of the map, with any extension of a data set', async (t) => {
  const named = async (name: string) => (await startStub(t, (request, answer) => sendText(answer, `${name} ${request.method}`))).url;
  const { base } = await startGateway(
    t,
    await deadAddress(),
    {},
    { ingest: await named('ingest'), query: await named('query'), jobs: await named('jobs') },
  );
  for (const { method, path, owner } of routes) {
    if (owner === 'self') continue;
    const answer = await ask(base + path.replace(':id', 'genes').replace(':key', 'HGNC:5').replace(':name', 'png'), { method });
    assert.equal(answer.body, `${owner} ${method}`, path);
  }
  for (const ending of ['.csv', '.json', '.ndjson']) assert.equal((await ask(`${base}/v1/datasets/genes${ending}`)).body, 'query GET');
  assert.equal((await ask(`${base}/v1/datasets/genes/records/${'k'.repeat(1000)}`)).body, 'query GET');
});

test('a service that reads slowly does not count as a stalled client', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    setTimeout(() => readBody(request).then((body) => sendText(answer, String(body.length))), 400);
  });
  const { base } = await startGateway(t, stub.url, { stallMs: 100 });
  const answer = await ask(`${base}/v1/datasets/x`, { method: 'PUT', body: Buffer.alloc(8 << 20, 'x') });
  assert.deepEqual([answer.status, answer.body], [200, String(8 << 20)]);
});

test('a broken response is broken for the client too, and never looks complete', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    answer.writeHead(200, request.url?.includes('length') ? { 'content-length': 100_000 } : {});
    answer.write('x'.repeat(50_000), () => setTimeout(() => answer.socket?.destroy(), 20));
  });
  const { base } = await startGateway(t, stub.url);
  for (const query of ['length', 'chunked']) assert.equal((await ask(`${base}${rows}?${query}`)).isComplete, false, query);
});

test('a write is never sent twice; a GET whose connection broke is sent again once', async (t) => {
  let isDying = true;
  const stub = await startStub(t, (request, answer) => {
    request.resume();
    if (isDying) request.on('end', () => answer.socket?.destroy());
    else sendText(answer, 'ok');
  });
  const { base } = await startGateway(t, stub.url);
  const counted = async (path: string, question = {}) => {
    stub.hits.length = 0;
    const answer = await ask(base + path, question);
    return [answer.status, stub.hits.length];
  };
  const post = await ask(`${base}/v1/jobs`, { method: 'POST', body: 'x' });
  assert.deepEqual([post.status, stub.hits.length], [502, 1]);
  assert.match(post.body, /connection to jobs broke before it responded.*not sent again/);
  assert.equal(post.headers['content-type'], 'application/problem+json');
  assert.deepEqual(await counted(rows), [502, 2]);
  assert.deepEqual(await counted(`${rows}/1`), [502, 2]);
  assert.deepEqual(await counted('/v1/datasets/x', { method: 'PUT', body: 'x' }), [502, 1]);
  assert.deepEqual(await counted('/v1/datasets/x', { method: 'DELETE' }), [502, 1]);
  assert.deepEqual(await counted('/v1/datasets/x', { method: 'PUT', body: Buffer.alloc(100_000) }), [502, 1]);
  isDying = false;
  assert.deepEqual(await counted(rows), [200, 1]);
});

test('an idle connection that broke causes no failure, not even of a POST', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    request.resume().on('end', () => sendText(answer, 'ok'));
  });
  const { base } = await startGateway(t, stub.url);
  for (let i = 0; i < 20; i++) {
    const closed = once(stub.server, 'connection').then(([socket]) => once(socket, 'close'));
    assert.equal((await ask(`${base}/v1/jobs`, { method: 'POST', body: 'x' })).status, 200);
    stub.server.closeIdleConnections();
    await closed;
  }
  assert.equal(stub.hits.length, 20);
});

test('if one address refuses, the other gets every request, each once', async (t) => {
  const stub = await startStub(t, (request, answer) => {
    request.resume().on('end', () => sendText(answer, 'ok'));
  });
  const { base } = await startGateway(t, `${await deadAddress()},${stub.url}`, { uses: 5, avoidMs: 0 });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(`${base}/v1/jobs`, { method: 'POST', body: 'x' })));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(stub.hits.length, 100);
});

test('an address that refuses for a moment gets the request later, once', async (t) => {
  const address = await deadAddress();
  const { base } = await startGateway(t, address);
  const asked = [ask(`${base}/v1/jobs`, { method: 'POST', body: 'x' }), ask(base + rows), ask(`${base}${rows}/1`)];
  const hits: string[] = [];
  const server = http.createServer((request, answer) => {
    hits.push(`${request.method} ${request.url}`);
    answer.setHeader('x-request-id', request.headers['x-request-id'] as string);
    request.resume().on('end', () => sendText(answer, 'ok'));
  });
  // After the first attempts, which have no pause.
  await sleep(30);
  server.listen(Number(new URL(address).port), '127.0.0.1');
  t.after(() => server.close());
  assert.deepEqual(
    (await Promise.all(asked)).map(({ status }) => status),
    [200, 200, 200],
  );
  assert.deepEqual(hits.sort(), [`GET ${rows}`, `GET ${rows}/1`, 'POST /v1/jobs']);
});

test('an unavailable service is a 503 with its name and Retry-After', async (t) => {
  const { base } = await startGateway(t, await deadAddress());
  for (const [path, name] of [
    [rows, 'query'],
    [`${rows}/1`, 'query'],
    ['/v1/jobs', 'jobs'],
  ]) {
    const answer = await ask(base + path);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '1');
    assert.match(answer.body, new RegExp(`"detail":"The service ${name} is unavailable`));
  }
});

test('one request more than may wait is refused, the others get responses', async (t) => {
  const held: http.ServerResponse[] = [];
  const stub = await startStub(t, (_, answer) => held.push(answer));
  // A client may hold as many as are free: two of four connections, three of six places.
  const { base } = await startGateway(t, stub.url, { connections: 4, waiting: 6 });
  const asked = Array.from({ length: 5 }, () => ask(base + rows));
  await until(() => held.length === 2, 'two are at the service');
  const late = await ask(base + rows);
  assert.deepEqual([late.status, late.headers['retry-after']], [503, '1']);
  assert.match(late.body, /query is overloaded/);
  for (let i = 0; i < 5; i++) {
    await until(() => held.length > i, 'the next one is at the service');
    sendText(held[i] as http.ServerResponse, String(i));
  }
  assert.deepEqual(
    (await Promise.all(asked)).map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
});

test('a client that disconnects while it waits for a connection gives up its place', async (t) => {
  const held: http.ServerResponse[] = [];
  const stub = await startStub(t, (_, answer) => held.push(answer));
  const { base } = await startGateway(t, stub.url, { connections: 1, waiting: 10 });
  const first = ask(base + rows);
  await until(() => held.length === 1, 'one is at the service');
  const rude = http.get(base + rows, { agent: false });
  rude.on('error', () => {});
  await once(rude, 'socket');
  const second = ask(`${base}${rows}?second`);
  await new Promise((resolve) => setTimeout(resolve, 30));
  rude.destroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  sendText(held[0] as http.ServerResponse, 'one');
  await until(() => held.length === 2, 'the next');
  sendText(held[1] as http.ServerResponse, 'two');
  await Promise.all([first, second]);
  assert.deepEqual(stub.hits, [`GET ${rows}`, `GET ${rows}?second`]);
});

test('services are reached over Unix sockets and IPv6 too', async (t) => {
  const listener: http.RequestListener = (request, answer) => {
    request.resume().on('end', () => sendText(answer, 'ok'));
  };
  const path = join(tmpdir(), `almanac-gateway-${process.pid}.sock`);
  for (const listen of [{ path }, { host: '::1' }]) {
    const stub = await startStub(t, listener, listen);
    const { base } = await startGateway(t, stub.url);
    assert.equal((await ask(`${base}${rows}/1`)).body, 'ok');
    assert.equal((await ask(`${base}/v1/jobs`, { method: 'POST', body: 'x' })).body, 'ok');
    assert.match((await ask(`${base}/readyz`)).body, /"query":{"status":"pass"}/);
  }
});

test('a stopping gateway closes client connections and finishes running requests', async (t) => {
  const held: http.ServerResponse[] = [];
  const stub = await startStub(t, (request, answer) => (request.url === rows ? held.push(answer) : sendText(answer, 'ok')));
  const { app, base } = await startGateway(t, stub.url);
  const running = ask(base + rows);
  await until(() => held.length === 1, 'one runs');
  app.drain.isDraining = true;
  const agent = new http.Agent({ keepAlive: true });
  for (const path of [`${rows}/1`, '/v1/jobs', '/v1/nothing'])
    assert.equal((await ask(base + path, { agent })).headers.connection, 'close', path);
  const ready = await ask(`${base}/readyz`);
  assert.deepEqual([ready.status, ready.headers.connection], [503, 'close']);
  const closed = app.close();
  await until(() => !app.server.listening, 'it takes no more');
  sendText(held[0] as http.ServerResponse, 'finished');
  assert.equal((await running).body, 'finished');
  await closed;
});

test('requests are counted by service', async (t) => {
  const stub = await startStub(t, (_, answer) => sendText(answer, 'ok'));
  const { base } = await startGateway(t, stub.url);
  await ask(base + rows);
  await ask(`${base}${rows}/1`);
  await ask(`${base}/v1/jobs/1`);
  assert.equal(await countOf(base, 'gateway_requests_total'), 3);
  assert.equal(await countOf(base, 'gateway_quick_misuse_total'), 0);
});
