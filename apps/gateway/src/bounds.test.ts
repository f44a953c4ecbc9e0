import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { ask, converse, openSocket, readBody, sendText, startGateway, startStub } from './testing.ts';

const stub = await startStub({ after }, async (request, answer) => sendText(answer, await readBody(request).catch(() => 'broken')));
const { port, base } = await startGateway({ after }, stub.url);
const host = 'Host: x\r\n';
const statuses = (text: string): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];

describe('the head of a request has limits, and the refusal names them', () => {
  for (const [name, path, headers, status, detail] of [
    ['a URL of 9,000 bytes', `/v1/datasets?q=${'a'.repeat(9_000)}`, {}, 414, /too long: 9,0\d\d bytes, the limit is 8,192 bytes/],
    ['a long key of a record', `/v1/datasets/g/records/${'a'.repeat(9_000)}`, {}, 414, /too long/],
    ['a long URL of a course route', `/data?search=${'a'.repeat(9_000)}`, {}, 414, /too long/],
    ['a long URL without a route', `/nothing?${'a'.repeat(9_000)}`, {}, 414, /too long/],
    [
      '200 headers',
      '/v1/datasets',
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, '1'])),
      431,
      /2\d\d values, the limit is 100/,
    ],
    [
      '2,500 headers',
      '/v1/datasets',
      Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`x${i}`, ''])),
      431,
      /the limit is 100|larger than 16,384/,
    ],
    ['a header of 17,000 bytes', '/v1/datasets', { 'x-fill': 'a'.repeat(17_000) }, 431, /larger than 16,384 bytes/],
    ['a URL of 20,000 bytes', `/v1/datasets?q=${'a'.repeat(20_000)}`, {}, 431, /larger than 16,384 bytes/],
  ] as const) {
    test(name, async () => {
      const answer = await ask(base + path, { headers });
      assert.equal(answer.status, status);
      assert.match(answer.headers['content-type'] as string, path.startsWith('/v1') || status === 431 ? /problem\+json/ : /json/);
      assert.match(answer.body, detail);
    });
  }
});

test('a URL of 8,000 bytes and 90 headers pass', async () => {
  const headers = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`x-${i}`, '1']));
  for (const path of ['/v1/datasets?q=', '/v1/datasets/g/records/'])
    assert.equal((await ask(base + path + 'a'.repeat(path.endsWith('/') ? 1_000 : 8_000), { headers })).status, 200);
});

test('a parser error is sent after the pending responses of the connection', async () => {
  const get = `GET /v1/datasets HTTP/1.1\r\n${host}\r\n`;
  assert.deepEqual(statuses(await converse(port, `${get}${get}GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)), [
    'HTTP/1.1 200',
    'HTTP/1.1 200',
    'HTTP/1.1 431',
  ]);
});

test('Transfer-Encoding in HTTP/1.0 is refused, and the connection closes', async () => {
  stub.hits.length = 0;
  const inner = `GET /v1/datasets HTTP/1.1\r\n${host}\r\n`;
  const head = `POST /v1/jobs HTTP/1.0\r\n${host}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const text = await converse(port, `${head}5\r\nhello\r\n0\r\n\r\n${inner}`);
  assert.deepEqual(statuses(text), ['HTTP/1.1 400']);
  assert.match(text, /connection: close[\s\S]*Transfer-Encoding is not allowed in HTTP\/1\.0/i);
  assert.deepEqual(stub.hits, []);
});

for (const [name, upgrade] of [
  ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'],
  ['Upgrade: websocket', 'Connection: upgrade\r\nUpgrade: websocket\r\n'],
] as const) {
  test(`a request with ${name} gets a response and the connection closes, so that no later request waits forever`, async () => {
    const request = `GET /v1/datasets HTTP/1.1\r\n${host}${upgrade}\r\n`;
    const text = await converse(port, `${request}GET /v1/datasets HTTP/1.1\r\n${host}\r\n`, 5_000);
    assert.deepEqual(statuses(text), ['HTTP/1.1 200']);
    assert.match(text, /connection: close/i);
    const socket = await openSocket(port);
    let isClosed = false;
    socket.on('close', () => {
      isClosed = true;
    });
    socket.resume().write(request);
    for (let i = 0; i < 100 && !isClosed; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(isClosed);
  });
}

test('no response of the gateway contains the address of a service', async (t) => {
  for (const secret of ['/tmp/a-secret-place/query.sock', '127.0.0.77']) {
    const url = secret.startsWith('/') ? `unix:${secret}` : `http://${secret}:9`;
    const { base: alone } = await startGateway(t, url, { refusedPausesMs: [] });
    for (const path of ['/v1/datasets', '/v1/datasets/g/records/1', '/v1/jobs', '/readyz', '/', '/openapi.json', '/data']) {
      const { body, headers } = await ask(alone + path);
      assert.doesNotMatch(body + JSON.stringify(headers), /secret|127\.0\.0\.77|ENOENT|ECONNREFUSED/, path);
    }
  }
});
