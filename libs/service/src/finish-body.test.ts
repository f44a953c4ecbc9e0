import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@almanac/domain';
import { createApp } from './app.ts';
import { finishBody } from './finish-body.ts';

const app = await createApp({ service: 'sample', version: '1', description: 'for tests' });
await app.register(finishBody, { beforeMs: 200, afterMs: 400 });
app.addContentTypeParser('*', (_, __, done) => done(null));
/** Refuses at once, or while it waits for a chunk of the body, as a stalled reader does. */
app.post<{ Params: { how: string } }>('/v1/refuse/:how', async ({ params, raw }) => {
  if (params.how !== 'at-once') {
    const pieces = raw.iterator({ destroyOnReturn: false });
    await pieces.next();
    pieces.next().catch(() => {});
  }
  throw new ProblemError(params.how === 'stalled' ? 'request-timeout' : 'bad-request', 'The body is refused.');
});
app.get('/v1/slow', async () => {
  await sleep(800);
  return 'slow';
});
await app.listen({ port: 0, host: '127.0.0.1' });
after(() => app.close());
const { port } = app.server.address() as AddressInfo;

/** Sends a part of a body, the rest after the response (at most 0.3 s later), then a slow request on the same connection. */
async function converse(how: string): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  const ended = new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
  socket.write(`POST /v1/refuse/${how} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 10\r\n\r\n12345`);
  await Promise.race([sleep(300), ended]);
  socket.write(`67890GET /v1/slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await ended;
  return text.match(/HTTP\/1\.1 \d+|slow$/g) ?? [];
}

for (const [how, status] of [
  ['at-once', 400],
  ['waiting', 400],
  ['stalled', 408],
] as const) {
  test(`a body that is refused (${how}) and ends after the response leaves its connection usable`, async () => {
    assert.deepEqual(await converse(how), [`HTTP/1.1 ${status}`, 'HTTP/1.1 200', 'slow']);
  });
}

test('a body that never ends closes its connection some seconds after the response', async () => {
  const socket = connect(port, '127.0.0.1').resume();
  socket.on('error', () => {});
  socket.write('POST /v1/refuse/at-once HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 10\r\n\r\n12345');
  const isClosed = await Promise.race([sleep(8_000, false), new Promise((resolve) => socket.on('close', () => resolve(true)))]);
  assert.equal(isClosed, true);
});
