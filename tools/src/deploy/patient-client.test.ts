import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { PatientClient, retryAfterMs } from './patient-client.ts';

const quiet = { line: () => {}, progress: () => {} };

type Handle = (n: number, request: IncomingMessage, response: ServerResponse) => void;

/** A client of a server that handles the n-th request, from 0, by `handle`. */
async function against(t: TestContext, handle: Handle, timeoutMs = 20_000) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    requests.push(`${request.method} ${request.url}`);
    handle(requests.length - 1, request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: new PatientClient(url, { token: undefined, timeoutMs, out: quiet }), requests };
}
const json = (response: ServerResponse, status: number, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"title":"Busy","detail":"try again shortly"}');

for (const status of [429, 502, 503, 504]) {
  test(`a request with status ${status} is retried, with its body`, async (t) => {
    const { client, requests } = await against(t, (n, _, response) => json(response, n < 2 ? status : 200));
    assert.deepEqual(await client.json('PUT', '/x', 'a\n1\n'), { title: 'Busy', detail: 'try again shortly' });
    assert.equal(requests.length, 3);
  });
}

test('a retry waits for Retry-After', async (t) => {
  const at: number[] = [];
  const { client } = await against(t, (n, _, response) => {
    at.push(performance.now());
    json(response, n === 0 ? 503 : 200, n === 0 ? { 'retry-after': '2' } : {});
  });
  await client.json('GET', '/x');
  assert.ok((at[1] as number) - (at[0] as number) >= 1_990);
});

test('a request on a broken connection is retried', async (t) => {
  const { client, requests } = await against(t, (n, request, response) => {
    if (n === 0) request.socket.destroy();
    else json(response, 200);
  });
  await client.json('GET', '/x');
  assert.equal(requests.length, 2);
});

test('every other error is final', async (t) => {
  for (const status of [400, 401, 404, 409, 422, 500, 501, 507]) {
    const { client, requests } = await against(t, (_, __, response) => json(response, status));
    await assert.rejects(client.json('GET', '/x'), /Busy: try again shortly/);
    assert.equal(requests.length, 1, String(status));
  }
});

test('if the delay exceeds the remaining time, there is no retry: the last response counts', async (t) => {
  const { client, requests } = await against(t, (_, __, response) => json(response, 503, { 'retry-after': '3600' }), 5_000);
  await assert.rejects(client.json('GET', '/x'), /Busy: try again shortly/);
  assert.equal(requests.length, 1);
});

test('a service that never responds ends at the time limit', async (t) => {
  const { client } = await against(t, () => {}, 300);
  await assert.rejects(client.json('GET', '/x'), /no response within the time limit/);
  await assert.rejects(client.json('GET', '/x'), /timed out before GET \/x/);
});

test('Retry-After is parsed as seconds or as a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(retryAfterMs('7', now), 7_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now), 5_000);
  for (const text of [undefined, '', '0', '-1', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT'])
    assert.equal(retryAfterMs(text, now), 1_000, text);
});
