import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';

const app = await createApp({ service: 'sample', version: '1', description: 'for tests' });
app.get<{ Params: { id: string } }>('/v1/things/:id', async ({ params }) => {
  await sleep(30);
  return { thing: params.id };
});
app.post('/v1/things', async ({ body }) => body);
await app.listen({ port: 0, host: '127.0.0.1' });
after(() => app.close());
const { port } = app.server.address() as AddressInfo;

/** Writes the bytes at once and returns what arrives until the server closes the connection. */
function converse(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.setTimeout(8_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

const get = (id: number, header = 'X-A: b') => `GET /v1/things/${id} HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`;
const outline = (text: string): string[] => text.match(/HTTP\/1\.1 \d+|"thing":"\d+"/g) ?? [];
const owed = ['HTTP/1.1 200', '"thing":"1"', 'HTTP/1.1 200', '"thing":"2"'];

for (const [name, bytes, status] of [
  ['a head that is too large', get(3, `X-A: ${'a'.repeat(70_000)}`), 431],
  ['an address that is too large', `GET /v1/things/${'3'.repeat(70_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ['bytes that are no request', '\x01\x02\x03\r\n\r\n', 400],
  ['one byte too many', '}', 400],
  ['a Content-Length that is no number', get(3, 'Content-Length: +5'), 400],
  ['a header without a name', get(3, ': b'), 400],
] as const) {
  test(`${name} after two requests: both get their responses first, then ${status}, then the connection closes`, async () => {
    const text = await converse(`${get(1)}${get(2)}${bytes}\r\n`);
    assert.deepEqual(outline(text), [...owed, `HTTP/1.1 ${status}`]);
    assert.match(text, /"type":"\/problems\/[a-z-]+"[^{]*}$/);
  });
}

test('a body with invalid chunks is refused when its request is next', async () => {
  const post =
    'POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2]zz\r\n';
  assert.deepEqual(outline(await converse(`${get(1)}${get(2)}${post}`)), [...owed, 'HTTP/1.1 400']);
  assert.deepEqual(outline(await converse(post)), ['HTTP/1.1 400']);
});

test('a service accepts every head that the gateway accepts (16 KB), with the lines that the gateway adds', async () => {
  const text = await converse(get(1, `X-A: ${'a'.repeat(48_000)}\r\nConnection: close`));
  assert.deepEqual(outline(text), ['HTTP/1.1 200', '"thing":"1"']);
});
