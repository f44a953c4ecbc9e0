import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, jobLimits } from '@almanac/domain';

import { loadStones, startJobs, type TestJobs } from '../../testing.ts';

const MB = 1 << 20;
const registration = { version: '1', title: 'Bytes', outputs: { bin: { mediaType: 'application/octet-stream' } } };
let jobs: TestJobs;
let port: number;
before(async () => {
  jobs = await startJobs();
  await loadStones(jobs.data);
  assert.equal((await jobs.ask('PUT', '/v1/processes/bytes', registration)).status, 201);
  await jobs.app.listen({ host: '127.0.0.1', port: 0 });
  port = (jobs.app.server.address() as AddressInfo).port;
});
after(() => jobs.end());

let n = 0;
async function taken(): Promise<{ id: string; token: string }> {
  await jobs.ask('POST', '/v1/jobs', { process: 'bytes', inputs: { dataset: 'stones', n: ++n } });
  return (await jobs.ask<{ id: string; token: string }>('POST', '/v1/processes/bytes/take')).json;
}

function put(id: string, token: string, headers: Record<string, string | number> = {}): ClientRequest {
  const path = `/v1/jobs/${id}/results/bin`;
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'PUT',
    path,
    headers: { 'worker-token': token, 'content-type': 'application/octet-stream', ...headers },
  });
  return sent.on('error', () => {});
}

async function answerOf(sent: ClientRequest): Promise<{ status: number; text: string }> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return { status: answer.statusCode as number, text };
}

/** Sends `bytes` of zeros in pieces, no faster than they are taken; stops when the other side has had enough. */
async function send(sent: ClientRequest, bytes: number): Promise<void> {
  const piece = Buffer.alloc(256 * 1024);
  for (let at = 0; at < bytes && !sent.destroyed; at += piece.length)
    if (!sent.write(piece.subarray(0, bytes - at))) await Promise.race([once(sent, 'drain').catch(() => {}), once(sent, 'close')]);
  sent.end();
}

async function complete(bytes: Buffer): Promise<Job> {
  const { id, token } = await taken();
  const sent = put(id, token);
  sent.end(bytes);
  assert.equal((await answerOf(sent)).status, 204);
  return (await jobs.ask<Job>('POST', `/v1/jobs/${id}/finish`, {}, { 'worker-token': token })).json;
}

for (const [why, change, headers, status] of [
  ['a wrong token', (token: string) => `${token.slice(0, -3)}xyz`, { 'content-length': 64 * MB }, 409],
  [
    'the public name of the worker and a guess',
    (token: string) => `${token.slice(0, token.lastIndexOf(':'))}:1`,
    { 'content-length': 64 * MB },
    409,
  ],
  ['a wrong token and no length', (token: string) => `${token}x`, { 'transfer-encoding': 'chunked' }, 409],
  ['a length above the limit', (token: string) => token, { 'content-length': jobLimits.resultBytes.value + 1 }, 413],
  ['another type', (token: string) => token, { 'content-type': 'text/html', 'content-length': MB }, 415],
] as const) {
  test(`a result with ${why} is refused before any of its body is read`, async () => {
    const { id, token } = await taken();
    const sent = put(id, change(token), headers);
    sent.flushHeaders();
    // Not a byte of the body is sent: the answer cannot have waited for one.
    assert.equal((await answerOf(sent)).status, status);
    sent.destroy();
    assert.deepEqual(await jobs.resultsRedis.keys(`result:${id}*`), []);
  });
}

test('GET …/results follows Accept: a result of that type, the links as JSON, 406 with what there is', async () => {
  const both = {
    version: '1',
    title: 'Both',
    outputs: { bin: { mediaType: 'application/octet-stream' }, txt: { mediaType: 'text/plain' } },
  };
  assert.equal((await jobs.ask('PUT', '/v1/processes/both', both)).status, 201);
  await jobs.ask('POST', '/v1/jobs', { process: 'both', inputs: { dataset: 'stones' }, outputs: ['bin', 'txt'] });
  const { id, token } = (await jobs.ask<{ id: string; token: string }>('POST', '/v1/processes/both/take')).json;
  const headers = { 'worker-token': token, 'content-type': 'application/octet-stream' };
  for (const name of ['bin', 'txt'])
    await jobs.app.inject({ method: 'PUT', url: `/v1/jobs/${id}/results/${name}`, headers, payload: `the ${name}` });
  await jobs.ask('POST', `/v1/jobs/${id}/finish`, {}, { 'worker-token': token });
  const single = await complete(Buffer.from('the bin'));
  const results = async (job: string, accept: string) => {
    const { statusCode, headers, body } = await jobs.app.inject({ url: `/v1/jobs/${job}/results`, headers: { accept } });
    return [statusCode, headers['content-type']?.toString().split(';')[0], headers.vary, body.startsWith('the ') ? body : 'other'];
  };
  for (const [job, accept, ...expected] of [
    [id, '*/*', 200, 'application/json', 'accept', 'other'],
    [id, 'text/plain', 200, 'text/plain', 'accept', 'the txt'],
    [id, 'text/*, application/json;q=0.1', 200, 'text/plain', 'accept', 'the txt'],
    [id, 'application/octet-stream', 200, 'application/octet-stream', 'accept', 'the bin'],
    [id, 'image/png', 406, 'application/problem+json', 'accept', 'other'],
    [single.id, '*/*', 200, 'application/octet-stream', 'accept', 'the bin'],
    [single.id, 'application/json', 200, 'application/json', 'accept', 'other'],
    [single.id, 'image/png', 406, 'application/problem+json', 'accept', 'other'],
  ] as const)
    assert.deepEqual(await results(job, accept), expected, accept);
  // By its name a result is sent whatever the header says: generated clients send application/json everywhere.
  const named = await jobs.app.inject({ url: `/v1/jobs/${single.id}/results/bin`, headers: { accept: 'application/json' } });
  assert.deepEqual([named.statusCode, named.body], [200, 'the bin']);
});

test('results go to the store in pieces: six of 24 MB at once take a part of that of memory', async () => {
  const held = await Promise.all(Array.from({ length: 6 }, taken));
  let most = 0;
  const start = process.memoryUsage();
  const watch = setInterval(() => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    most = Math.max(most, arrayBuffers + heapUsed - start.arrayBuffers - start.heapUsed);
  }, 5);
  await Promise.all(
    held.map(async ({ id, token }) => {
      const sent = put(id, token, { 'transfer-encoding': 'chunked' });
      const answer = answerOf(sent);
      await send(sent, 24 * MB);
      assert.equal((await answer).status, 204);
    }),
  );
  clearInterval(watch);
  // Buffers that are dead and not collected yet count as well, and those of the clients here.
  assert.ok(most < 96 * MB, `${most} bytes for 144 MB`);
  for (const { id, token } of held) assert.equal(await jobs.results.size(id, token, 'bin'), 24 * MB);
});

test('a body that grows above the limit, and one that breaks off, leave nothing', async () => {
  const { id, token } = await taken();
  const sent = put(id, token, { 'transfer-encoding': 'chunked' });
  const answer = answerOf(sent);
  await send(sent, jobLimits.resultBytes.value + MB);
  const { status, text } = await answer;
  assert.deepEqual([status, /the limit is 67,108,864 bytes/.test(text)], [413, true]);
  const broken = put(id, token, { 'content-length': 2 * MB });
  broken.write(Buffer.alloc(MB));
  await sleep(100);
  broken.destroy();
  for (let i = 0; i < 100 && (await jobs.resultsRedis.keys(`result:${id}*`)).length > 0; i++) await sleep(20);
  assert.deepEqual(await jobs.resultsRedis.keys(`result:${id}*`), []);
});

test('an empty result is refused', async () => {
  const { id, token } = await taken();
  for (const headers of [{ 'content-length': 0 }, { 'transfer-encoding': 'chunked' }]) {
    const sent = put(id, token, headers);
    sent.end();
    const { status, text } = await answerOf(sent);
    assert.deepEqual([status, /must be the bytes of the result/.test(text)], [400, true]);
  }
});

test('any range of a large result is itself, its digest is that of the whole, and it reads no more than is asked for', async () => {
  const bytes = randomBytes(20 * MB + 7);
  const { id } = await complete(bytes);
  const path = `/v1/jobs/${id}/results/bin`;
  const digest = `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
  const whole = await jobs.ask('GET', path);
  assert.ok(whole.bytes.equals(bytes));
  assert.deepEqual([whole.headers['repr-digest'], whole.headers['content-length']], [digest, String(bytes.length)]);
  const head = await jobs.ask('HEAD', path);
  assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length], [200, String(bytes.length), 0]);
  for (const [range, from, to] of [
    ['bytes=0-0', 0, 0],
    ['bytes=262143-262144', 262_143, 262_144],
    ['bytes=100-600000', 100, 600_000],
    ['bytes=-5', bytes.length - 5, bytes.length - 1],
    [`bytes=${bytes.length - 1}-`, bytes.length - 1, bytes.length - 1],
  ] as const) {
    const part = await jobs.ask('GET', path, undefined, { range });
    assert.ok(part.bytes.equals(bytes.subarray(from, to + 1)), range);
    assert.deepEqual(
      [part.status, part.headers['content-range'], part.headers['repr-digest']],
      [206, `bytes ${from}-${to}/${bytes.length}`, digest],
    );
  }
  const sent = async () => Number(/total_net_output_bytes:(\d+)/.exec(await jobs.resultsRedis.info('stats'))?.[1]);
  const [before, cpu] = [await sent(), process.cpuUsage()];
  await Promise.all(Array.from({ length: 24 }, () => jobs.ask('GET', path, undefined, { range: 'bytes=0-0' })));
  const { user } = process.cpuUsage(cpu);
  assert.ok((await sent()) - before < MB, 'the store sends single bytes, not 24 times 20 MB');
  assert.ok(user < 1_000_000, `${user} µs of processor time`);
});

test('a result that the release before stored has no digest and is sent all the same', async () => {
  const { id } = await complete(Buffer.from('as it was'));
  const { jobId, token } = (await jobs.queue.read(id))!.place as { jobId: string; token: string };
  assert.equal(await jobs.resultsRedis.del(`result:${jobId}:${token}:bin:sha256`), 1);
  const { status, bytes, headers } = await jobs.ask('GET', `/v1/jobs/${id}/results/bin`);
  assert.deepEqual([status, bytes.toString(), headers['repr-digest']], [200, 'as it was', undefined]);
  const part = await jobs.ask('GET', `/v1/jobs/${id}/results/bin`, undefined, { range: 'bytes=3-4' });
  assert.deepEqual([part.status, part.bytes.toString()], [206, 'it']);
});

test('a slow reader of a large result costs the service two pieces, not the result', async () => {
  const { id } = await complete(Buffer.alloc(24 * MB));
  global.gc?.();
  const start = process.memoryUsage().arrayBuffers;
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const asked = request({ port, host: '127.0.0.1', path: `/v1/jobs/${id}/results/bin` });
      asked.end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return answer.on('error', () => {}).pause();
    }),
  );
  await sleep(500);
  const { arrayBuffers } = process.memoryUsage();
  for (const answer of answers) answer.destroy();
  assert.ok(arrayBuffers - start < 64 * MB, `${arrayBuffers - start} bytes for eight readers of 24 MB`);
});
