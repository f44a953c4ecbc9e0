import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { freePort } from '@almanac/testkit';
import { ask, converse, GatewayProcess, openSocket, ServiceProcess, sendText, startGateway, startStub, until } from './testing.ts';

/** Long tests: they run with `./almanac test --all`. */
const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'takes long; ALMANAC_TEST_ALL=1 runs it';

const megabytes = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** The peak memory of a process during an action, in MB. */
async function peakWhile(pid: number, run: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, megabytes(pid));
  }, 20);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

const size = 200 << 20;

function upload(base: string, headers: http.OutgoingHttpHeaders): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${base}/v1/datasets/x`, { method: 'PUT', headers, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(text);
    });
    request.on('error', reject);
    const chunk = Buffer.alloc(1 << 20, 'y');
    let left = size / chunk.length;
    const write = () => {
      while (left-- > 0) if (!request.write(chunk)) return request.once('drain', write);
      return request.end();
    };
    write();
  });
}

test('an upload of 200 MB is streamed without buffering', { skip }, async (t) => {
  const stub = await startStub(t, async (request, answer) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    sendText(answer, String(bytes));
  });
  const gateway = await GatewayProcess.start(t, stub.url);
  await ask(`${gateway.base}/livez`);
  const before = megabytes(gateway.pid);
  for (const headers of [{ 'content-length': size }, { 'transfer-encoding': 'chunked' }]) {
    const peak = await peakWhile(gateway.pid, async () => assert.equal(await upload(gateway.base, headers), String(size)));
    assert.ok(peak - before < 110, `${before} MB before, at most ${peak} MB`);
    t.diagnostic(`${Object.keys(headers)[0]}: ${Math.round(before)} MB before, at most ${Math.round(peak)} MB`);
  }
});

test('backpressure of a client reaches the service, and no byte is lost', { skip }, async (t) => {
  let sent = 0;
  const stub = await startStub(t, (_, answer) => {
    const chunk = Buffer.alloc(65_536, 'x');
    answer.writeHead(200, { 'content-length': size });
    const write = () => {
      while (sent < size) {
        sent += chunk.length;
        if (!answer.write(chunk)) return answer.once('drain', write);
      }
      return answer.end();
    };
    write();
  });
  const gateway = await GatewayProcess.start(t, stub.url);
  await ask(`${gateway.base}/livez`);
  const before = megabytes(gateway.pid);
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write('GET /v1/datasets HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.ok(sent < 30 << 20, `${sent} bytes were taken from the service`);
  assert.ok(megabytes(gateway.pid) - before < 30);
  let got = 0;
  socket.on('data', (chunk: Buffer) => {
    got += chunk.length;
  });
  socket.resume();
  await until(() => got >= size, 'every byte', 30_000);
  assert.ok(got < size + 500, `${got} bytes`);
  socket.destroy();
});

/** Load on `path` from `clients` keep-alive clients while `during` runs; what did not answer 200 with what `right` expects. */
async function loadWhile(
  base: string,
  clients: number,
  question: (n: number) => [string, object],
  right: (n: number) => string,
  during: () => Promise<void>,
) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const wrong: unknown[] = [];
  let asked = 0;
  let isOver = false;
  const client = async () => {
    while (!isOver) {
      const n = ++asked;
      const [path, options] = question(n);
      const answer = await ask(base + path, { ...options, agent }).catch((error: Error) => ({ status: 0, body: error.message }));
      if (answer.status !== 200 || answer.body !== right(n)) wrong.push({ n, status: answer.status, body: answer.body });
    }
  };
  const all = Array.from({ length: clients }, client);
  await during();
  isOver = true;
  await Promise.all(all);
  agent.destroy();
  return { asked, wrong };
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`four times ${signal} to one of two services under load`, { skip }, async (t) => {
    const [a, b] = [new ServiceProcess(await freePort()), new ServiceProcess(await freePort())];
    await Promise.all([a.start(), b.start()]);
    t.after(() => Promise.all([a.stop('SIGKILL'), b.stop('SIGKILL')]));
    const gateway = await GatewayProcess.start(t, `${a.url},${b.url}`);
    const restarts = async () => {
      for (let i = 0; i < 4; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await b.stop(signal);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await b.start();
      }
    };
    const gets = await loadWhile(gateway.base, 48, (n) => [`/v1/datasets/x/records/${n}`, {}], String, restarts);
    t.diagnostic(`${gets.asked} questions, ${gets.wrong.length} wrong`);
    assert.deepEqual(gets.wrong.slice(0, 3), []);
    const post = { method: 'POST', body: 'x'.repeat(500) };
    const posts = await loadWhile(
      gateway.base,
      24,
      () => ['/v1/jobs', post],
      () => 'ok',
      restarts,
    );
    t.diagnostic(`${posts.asked} POSTs, ${posts.wrong.length} lost`);
    if (signal === 'SIGTERM') assert.deepEqual(posts.wrong.slice(0, 3), []);
    // A POST to a killed service is lost, because it is never sent twice: this shows that the load detects losses.
    else assert.ok(posts.wrong.length > 0);
  });
}

const inner = 'GET /evil HTTP/1.1\r\nHost: x\r\n\r\n';
const seeds = [
  `POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
  `POST /v1/jobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`,
  `GET /v1/datasets/a/records/1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\nX-A: b\r\n\r\n${inner}`,
  `GET /v1/datasets/a/records/1 HTTP/1.1\r\nHost: x\r\nX-A: b\r\n\r\n`,
  `PUT /v1/datasets/a HTTP/1.1\r\nHost: x\r\nConnection: close, x-b\r\nX-B: 1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n${inner}`,
  `POST /v1/jobs HTTP/1.0\r\nHost: x\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
  `POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n1e\r\n${inner}\r\n0\r\n\r\n`,
];
const pieces = ['\r', '\n', '\r\n', ' ', '\t', '\x0b', '\0', ':', ',', ';', '0', '1', 'f', '+', '-', '0x', 'chunked', 'identity', 'Content-Length: 0\r\n', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding : chunked\r\n', '\x80', '\xff', '_', 'Transfer_Encoding: chunked\r\n', 'Connection: content-length\r\n', 'Connection: transfer-encoding\r\n', 'HTTP/1.1', ' HTTP/0.9', 'Upgrade: h2c\r\n', 'Expect: 100-continue\r\n', '"']; // biome-ignore format: a table

test('20,000 mutated requests never make a service see a request that was not sent', { skip }, async (t) => {
  const stub = await startStub(t, (request, answer) => {
    request.on('error', () => {});
    request.resume().on('end', () => sendText(answer, 'ok'));
  });
  const codes: Record<string, number> = {};
  stub.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    codes[error.code ?? ''] = (codes[error.code ?? ''] ?? 0) + 1;
    socket.destroy();
  });
  const gateway = await GatewayProcess.start(t, stub.url);
  let state = 12345;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state % below;
  };
  const mutate = (seed: string) => {
    let text = seed;
    for (let left = 1 + random(3); left > 0; left--) {
      const at = random(Math.min(text.length, 170));
      const piece = pieces[random(pieces.length)] as string;
      const kind = random(3);
      text = text.slice(0, at) + (kind === 0 ? '' : piece) + text.slice(kind === 1 ? at : at + (kind === 0 ? 1 : piece.length));
    }
    return text;
  };
  const total = 20_000;
  let sent = 0;
  const statuses: Record<string, number> = {};
  const send = async () => {
    while (sent++ < total) {
      const text = await converse(gateway.port, mutate(seeds[random(seeds.length)] as string), 25);
      const status = text.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 40 }, send));
  t.diagnostic(JSON.stringify({ statuses, reached: stub.hits.length, codes }));
  assert.deepEqual(
    stub.hits.filter((hit) => hit.includes('/evil')),
    [],
  );
  assert.ok(stub.hits.length > 1_000, 'too few reached the service to show anything');
  assert.deepEqual(
    Object.keys(codes).filter((code) => code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE'),
    [],
  );
  const socket = await openSocket(gateway.port);
  socket.destroy();
});

test('GET / waits as long as query waits for its source', { skip }, async (t) => {
  const stub = await startStub(t, (_, answer) => void setTimeout(() => sendText(answer, '{"ndm":{}}'), 61_000));
  const { base } = await startGateway(t, stub.url);
  assert.equal((await ask(`${base}/`)).body, '{"ndm":{}}');
});
