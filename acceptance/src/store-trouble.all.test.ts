// A real Redis in every state in which it refuses commands: each route of each service returns 503 (507 if the store is full), never 500.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, storeBinary } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { Client } from './client.ts';
import { Stack, services } from './stack.ts';

// Redis reports BUSY after 100 ms here, not after 5 s.
const stack = new Stack({}, { arguments: ['--lua-time-limit', '100'] });
let client: Client;
let admin: Redis;
let job: string;
let requests: { method: string; path: string }[];

before(async () => {
  // For the store, a write beyond the file size limit is an error; it does not end.
  const wrapper = join(stack.folder, 'store.sh');
  writeFileSync(wrapper, `#!/bin/sh\ntrap '' XFSZ\nexec '${execFileSync('which', [storeBinary()], { encoding: 'utf8' }).trim()}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  process.env.ALMANAC_STORE_SERVER = wrapper;
  await stack.start();
  client = new Client(stack.url);
  assert.equal((await client.put('/v1/datasets/kept', 'id,a\n1,2\n3,4\n')).status, 201);
  job = (await client.submit({ dataset: 'kept', type: 'bar', x: 'a' })).json.id;
  assert.equal((await client.finished(job)).status, 'complete');
  admin = new Redis(stack.storePort, '127.0.0.1', { protocol: 2, maxRetriesPerRequest: 1 });
  admin.on('error', () => {});
  const { paths } = (await client.get('/openapi.json')).json as { paths: Record<string, Record<string, unknown>> };
  requests = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path: filled(path) })),
  );
  assert.ok(requests.length > 30, `${requests.length} routes`);
});
after(async () => {
  admin?.disconnect();
  await stack.end();
});

const filled = (path: string) =>
  path
    .replace(/\{id\}(?=\/|$)/, path.startsWith('/v1/jobs') ? job : path.startsWith('/v1/processes') ? 'plot' : 'kept')
    .replace('{key}', '1')
    .replace('{name}', 'png')
    .replace(/\{[^}]*\}/g, '1');

interface Reply {
  request: string;
  status: number;
  retryAfter: string | null;
  text: string;
}

/** Sends a request and reads the first 300 bytes of the response: a stream of events has no end. */
async function ask({ method, path }: { method: string; path: string }): Promise<Reply> {
  const isLoad = /^\/v1\/datasets(\/[^/]*)?$/.test(path);
  const takesBody = method === 'PUT' || method === 'POST' || method === 'PATCH';
  const json = path === '/v1/jobs' ? '{"inputs":{"dataset":"kept","x":"a"}}' : '{}';
  const url = `${stack.url}${path}${method === 'POST' && isLoad ? '?id=new' : ''}`;
  const response = await fetch(url, {
    method,
    ...(takesBody ? { body: isLoad ? 'id,a\n1,2\n' : json, headers: { 'content-type': isLoad ? 'text/csv' : 'application/json' } } : {}),
    signal: AbortSignal.timeout(20_000),
  });
  const { value } = (await response.body?.getReader().read()) ?? {};
  await response.body?.cancel().catch(() => {});
  return {
    request: `${method} ${path}`,
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text: Buffer.from(value ?? []).toString('utf8', 0, 300),
  };
}

/** Requests every route at once. No response may be a 500, a 502, or a 503 without Retry-After. */
async function askAll(which: (request: { method: string; path: string }) => boolean = () => true): Promise<Reply[]> {
  const replies = await Promise.all(requests.filter(which).map(ask));
  for (const reply of replies) {
    assert.ok(reply.status < 500 || reply.status === 503 || reply.status === 507, JSON.stringify(reply));
    if (reply.status === 503) assert.ok(Number(reply.retryAfter) >= 1, JSON.stringify(reply));
  }
  for (const service of services) assert.ok(stack.isRunning(service), service);
  return replies;
}

const put = () => ask({ method: 'PUT', path: '/v1/datasets/kept' });
const submit = () => ask({ method: 'POST', path: '/v1/jobs' });
const reads = ['/v1/datasets', '/v1/datasets/kept', '/v1/datasets/kept/records', '/v1/jobs', `/v1/processes`];
async function assertReads(): Promise<void> {
  for (const path of [...reads, `/v1/jobs/${job}`, `/v1/jobs/${job}/results/png`]) {
    let reply = await ask({ method: 'GET', path });
    // A write to a replica renews the connection, and a read in those milliseconds gets 503 with Retry-After.
    for (let i = 0; i < 3 && reply.status === 503; i++) {
      await sleep(Number(reply.retryAfter) * 1000);
      reply = await ask({ method: 'GET', path });
    }
    assert.equal(reply.status, 200, JSON.stringify(reply));
  }
}
async function readiness(service: 'ingest' | 'jobs' | 'query'): Promise<{ status: number; warnings: string }> {
  const response = await fetch(`${stack.urlOf(service)}/readyz`);
  const { checks } = (await response.json()) as { checks: Record<string, { status: string; output?: string }> };
  const warnings = Object.values(checks).flatMap(({ status, output }) => (status === 'warn' ? [output] : []));
  return { status: response.status, warnings: warnings.join(' ') };
}
/** Reads work and every service is ready; services that write report why they cannot. */
async function assertWarns(expected: RegExp): Promise<void> {
  assert.equal((await readiness('query')).status, 200);
  for (const service of ['ingest', 'jobs'] as const) {
    const { status, warnings } = await readiness(service);
    assert.equal(status, 200, service);
    assert.match(warnings, expected, service);
  }
}
async function recovered(): Promise<void> {
  await stack.ready();
  // The refusal of new jobs is cached for 250 ms, and renewing a connection takes a moment.
  for (const write of [put, submit]) {
    for (let i = 0; i < 100 && (await write()).status >= 300; i++) await sleep(100);
    const reply = await write();
    assert.ok(reply.status < 300, JSON.stringify(reply));
  }
  const { warnings } = await readiness('ingest');
  assert.equal(warnings, '');
}

test('BUSY: a script that does not end', { timeout: 300_000 }, async () => {
  // It has written, so that the jobs service cannot kill it before every route was requested.
  const script = admin.eval("redis.call('SET', 'written', 1) while true do end", 0).catch(() => {});
  const second = new Redis(stack.storePort, '127.0.0.1', { protocol: 2, maxRetriesPerRequest: 1, enableReadyCheck: false });
  second.on('error', () => {});
  for (let isBusy = false; !isBusy; )
    isBusy = await second.ping().then(
      () => false,
      (error: Error) => /^BUSY/.test(error.message),
    );
  const replies = await askAll();
  const of = (request: string) => replies.find((reply) => reply.request === request)?.status;
  for (const request of [
    'GET /v1/datasets',
    'GET /v1/datasets/kept',
    'PUT /v1/datasets/kept',
    'POST /v1/jobs',
    'GET /v1/jobs',
    'GET /data',
  ])
    assert.equal(of(request), 503, request);
  second.disconnect();
  await stack.kill('store');
  await script;
  stack.launch('store');
  await recovered();
});

const call = ([name, ...words]: readonly string[]) => admin.call(name as string, ...words);
const writes = ({ method, path }: { method: string; path: string }) => method !== 'GET' && method !== 'DELETE' && !path.includes('{');

for (const [name, begin, end, status, expected] of [
  ['NOREPLICAS', ['CONFIG', 'SET', 'min-replicas-to-write', '1'], ['CONFIG', 'SET', 'min-replicas-to-write', '0'], 503, /too few replicas/],
  ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], 503, /is a replica/],
  ['OOM', ['CONFIG', 'SET', 'maxmemory', '100kb'], ['CONFIG', 'SET', 'maxmemory', '0'], 507, /it is full \([\d,]+ of 102,400 bytes/],
] as const) {
  test(`${name}: writes are refused, reads work, /readyz reports it`, { timeout: 300_000 }, async () => {
    await call(begin);
    const replies = [await put(), await submit()];
    for (const reply of replies) assert.equal(reply.status, status, JSON.stringify(reply));
    await askAll(writes);
    await assertReads();
    await assertWarns(expected);
    await call(end);
    await recovered();
  });
}

test('MASTERDOWN: a replica without its master refuses all commands', { timeout: 300_000 }, async () => {
  await admin.call('CONFIG', 'SET', 'replica-serve-stale-data', 'no');
  await admin.call('REPLICAOF', '127.0.0.1', String(await freePort()));
  const replies = await askAll();
  assert.equal(replies.find(({ request }) => request === 'GET /v1/datasets')?.status, 503);
  assert.equal((await readiness('query')).status, 503);
  await admin.call('REPLICAOF', 'NO', 'ONE');
  await admin.call('CONFIG', 'SET', 'replica-serve-stale-data', 'yes');
  await recovered();
});

const canLimit = execFileSync('sh', ['-c', 'command -v prlimit || true'], { encoding: 'utf8' }).trim() !== '';
test('MISCONF: the append-only log cannot grow', { timeout: 300_000, skip: canLimit ? false : 'prlimit is not available' }, async () => {
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(stack.pidOf('store')), `--fsize=${bytes}:unlimited`]);
  const log = execFileSync('sh', ['-c', `ls ${stack.folder}/appendonlydir/*.incr.aof`], { encoding: 'utf8' }).trim();
  limit(String(statSync(log).size + 100));
  for (let i = 0; i < 100 && (await put()).status < 300; i++) await sleep(100);
  const replies = [await put(), await submit()];
  for (const reply of replies) assert.equal(reply.status, 503, JSON.stringify(reply));
  assert.match(replies[0]?.text ?? '', /cannot write to its disk/);
  await askAll(writes);
  await assertReads();
  await assertWarns(/cannot write to its disk/);
  limit('unlimited');
  await recovered();
});
