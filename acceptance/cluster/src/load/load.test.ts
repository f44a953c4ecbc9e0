import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeControl, judgeFaultless, judgeHonest } from '../judge.ts';
import { Load } from './load.ts';
import { LoadProcess } from './load-process.ts';
import { constantLoad, type Group, type LoadPlan } from './plan.ts';
import { Broken, send } from './send.ts';

type Fault = (request: IncomingMessage, response: ServerResponse, n: number) => boolean;

/** A server that responds correctly, except if a fault handles the request. It counts requests. */
async function serve(fault: Fault = () => false) {
  const seen = { requests: 0, spoiled: 0 };
  const server = createServer(async (request, response) => {
    const n = ++seen.requests;
    for await (const _ of request);
    if (fault(request, response, n)) seen.spoiled++;
    else respondRight(request, response, n);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function respondRight({ method, url = '' }: IncomingMessage, response: ServerResponse, n: number): void {
  const key = /\/records\/(\d+)/.exec(url)?.[1];
  const job = /\/v1\/jobs\/(.+)/.exec(url)?.[1];
  response.statusCode = method === 'GET' ? 200 : 201;
  if (method === 'POST') response.end(JSON.stringify({ id: `job-${n}` }));
  else if (job !== undefined) response.end(JSON.stringify({ id: job }));
  else if (url.startsWith('/problems')) response.end('not-found');
  else response.end(JSON.stringify({ id: 'base', process: 'plot', value: key === undefined ? 0 : 2 * Number(key) }));
}

const quick: readonly Group[] = constantLoad.map((group) => ({ ...group, everyMs: 10 }));
const plan = (url: string, groups = quick, timeoutMs = 10_000): LoadPlan => ({ url, dataset: 'base', records: 100, groups, timeoutMs });

/** Loads until the server has seen enough. */
async function loadFor(url: string, seen: { requests: number }, timeoutMs?: number) {
  const load = new Load(plan(url, quick, timeoutMs));
  while (seen.requests < 400) await sleep(10);
  return await load.stop();
}

test('if all responses are right, nothing fails, and every request reaches the server once', async () => {
  const { url, seen } = await serve();
  const report = await loadFor(url, seen);
  assert.deepEqual(judgeFaultless(report), []);
  assert.equal(report.requests, seen.requests);
  assert.ok(judgeControl(report).length > 0, 'as a negative control this run would be refused');
  for (const { sent, acknowledged } of report.sets) assert.equal(sent, acknowledged);
});

const faults: Record<string, [Fault, RegExp, timeoutMs?: number]> = {
  'a connection that breaks under a request': [(request, _, n) => n % 7 === 0 && !!request.socket.destroy(), /ECONNRESET|socket hang up/],
  'a response that breaks off': [
    (_, response, n) => {
      if (n % 7 !== 0) return false;
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{', () => setTimeout(() => response.destroy(), 5));
      return true;
    },
    /broke off|ECONNRESET|aborted/,
  ],
  'no response at all': [(_, __, n) => n % 29 === 0, /no response within 1000 ms/, 1_000],
  'a status that is not the right one': [
    (_, response, n) => n % 7 === 0 && !!response.writeHead(502).end('{"detail":"gone"}'),
    /^status 502: gone$/,
  ],
  'a response to another request': [
    ({ method }, response, n) => method === 'GET' && n % 7 === 0 && !!response.writeHead(200).end('{"x":"y"}'),
    /wrong content/,
  ],
};
for (const [name, [fault, error, timeoutMs]] of Object.entries(faults)) {
  test(`is counted exactly once and not retried: ${name}`, async () => {
    const { url, seen } = await serve(fault);
    const report = await loadFor(url, seen, timeoutMs);
    assert.equal(report.requests, seen.requests, 'one request of the report is one at the server');
    assert.equal(report.failed, seen.spoiled);
    assert.ok(report.failed > 0);
    for (const failure of report.failures) assert.match(failure.error, error);
    assert.match(judgeFaultless(report).join(), /requests failed: /);
    assert.match(judgeHonest(report).join(), /requests failed: /);
    assert.deepEqual(judgeControl(report), []);
  });
}

test('503 is allowed while the store is unavailable, but only with Retry-After', async () => {
  const away =
    (headers: Record<string, string>): Fault =>
    (_, response, n) =>
      n % 7 === 0 && !!response.writeHead(503, headers).end('{}');
  const honest = await serve(away({ 'retry-after': '1' }));
  const report = await loadFor(honest.url, honest.seen);
  assert.equal(report.failed, honest.seen.spoiled);
  assert.deepEqual(judgeHonest(report), []);
  assert.equal(judgeFaultless(report).length, 1);
  const silent = await serve(away({}));
  assert.equal(judgeHonest(await loadFor(silent.url, silent.seen)).length, 1);
});

test('nothing listens: every request of every client is a failure', async () => {
  const { url, seen } = await serve();
  const load = new Load(plan('http://127.0.0.1:1'));
  await sleep(100);
  const report = await load.stop();
  assert.ok(report.requests > 10);
  assert.equal(report.failed, report.requests);
  assert.match(judgeFaultless(report).join(), /ECONNREFUSED/);
  assert.equal(seen.requests, 0, url);
});

test('a kept connection is reused, a new one never', async () => {
  const connections = new Set<unknown>();
  const { url, seen } = await serve(({ socket }) => !connections.add(socket));
  const group = (connection: Group['connection']): Group[] => [{ doing: 'put', connection, clients: 2, everyMs: 5 }];
  for (const [kind, expected] of [
    ['keep-alive', 2],
    ['new', 40],
  ] as const) {
    connections.clear();
    seen.requests = 0;
    const load = new Load(plan(url, group(kind)));
    while (seen.requests < 40) await sleep(5);
    const { requests, failed } = await load.stop();
    assert.equal(failed, 0);
    assert.equal(connections.size, kind === 'new' ? requests : expected);
  }
});

test('headers and body arrive in one piece', async () => {
  const pieces: string[] = [];
  const server = createTcpServer((socket) => {
    socket.setNoDelay(true).on('data', (data) => pieces.push(data.toString()));
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await assert.rejects(send(url, new Agent(), { method: 'POST', path: '/', body: 'é'.repeat(500) }, 100), Broken);
  server.close();
  assert.equal(pieces.length, 1);
  assert.ok(pieces[0]?.endsWith(`\r\n\r\n${'é'.repeat(500)}`));
});

test('the report of a separate process is complete', async () => {
  const { url, seen } = await serve();
  const load = new LoadProcess(plan(url));
  while (seen.requests < 200) await sleep(10);
  const report = await load.stop();
  assert.equal(report.requests, seen.requests);
  assert.deepEqual(judgeFaultless(report), []);
});
