import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@almanac/domain';
import { loadStones, startJobs, type TestJobs } from '../../testing.ts';

let jobs: TestJobs;
before(async () => {
  jobs = await startJobs();
  await loadStones(jobs.data);
});
after(() => jobs.end());

test('DELETE cancels a waiting job at once, and answers the same again; others answer 404', async () => {
  const { id } = (await jobs.submit({ title: 'waits' })).json;
  for (let i = 0; i < 2; i++) {
    const { status, json } = await jobs.ask<Job>('DELETE', `/v1/jobs/${id}`);
    assert.deepEqual([status, json.id, json.status], [200, id, 'cancelled']);
  }
  assert.equal(await jobs.queue.depth(), 0);
  assert.equal((await jobs.ask('GET', `/v1/jobs/${id}/results`)).status, 410);
  assert.equal((await jobs.ask('DELETE', '/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324')).status, 404);
});

test('DELETE of a running job answers when its worker has let go', async () => {
  const begun = Promise.withResolvers<void>();
  jobs.startWorker((_, { signal }) => {
    begun.resolve();
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const { id } = (await jobs.submit({ title: 'runs' })).json;
  await begun.promise;
  const { json } = await jobs.ask<Job>('DELETE', `/v1/jobs/${id}`);
  assert.deepEqual([json.status, json.attempts[0]?.outcome], ['cancelled', 'cancelled']);
  await jobs.stopWorkers();
});

test('who joined a cancelled job gets it done all the same', async () => {
  const first = (await jobs.submit({ title: 'shared' })).json;
  const second = (await jobs.submit({ title: 'shared' })).json;
  assert.equal(second.resultOf, first.id);
  await jobs.ask('DELETE', `/v1/jobs/${first.id}`);
  jobs.startWorker();
  const done = await jobs.queue.waitFor(second.id, 5000);
  assert.deepEqual([done?.status, done?.cache, done?.resultOf], ['complete', 'miss', undefined]);
  assert.equal((await jobs.ask('GET', `/v1/jobs/${second.id}/results/png`)).status, 200);
  await jobs.stopWorkers();
});

test('a failed job is listed, revived under its id, and resubmitted as another', async () => {
  let fails = true;
  jobs.startWorker(async (job, { token }) => {
    if (fails) throw new Error('disk');
    return jobs.draw(job, token);
  });
  const failed = (await jobs.submit({ title: 'dead' }, {}, { prefer: 'wait=10' })).json;
  assert.equal(failed.status, 'failed');
  const list = await jobs.ask<{ items: Job[] }>('GET', '/v1/jobs?status=failed&process=plot&dataset=stones');
  assert.deepEqual(
    list.json.items.map(({ id }) => id),
    [failed.id],
  );
  fails = false;
  const revived = (await jobs.ask<Job>('POST', `/v1/jobs/${failed.id}/revive`)).json;
  assert.deepEqual([revived.id, revived.attempts[0]?.outcome], [failed.id, 'failed']);
  assert.equal(revived.attempts[0]?.message, failed.problem?.detail, 'why it failed stays told');
  assert.equal((await jobs.queue.waitFor(failed.id, 5000))?.status, 'complete');
  assert.equal((await jobs.ask('POST', `/v1/jobs/${failed.id}/revive`)).status, 409);
  const again = await jobs.ask<Job>('POST', `/v1/jobs/${failed.id}/resubmit`);
  assert.deepEqual([again.status, again.json.cache, again.json.resultOf], [201, 'hit', failed.id]);
  assert.notEqual(again.json.id, failed.id);

  fails = true;
  await jobs.submit({ title: 'dead 2' }, {}, { prefer: 'wait=10' });
  await jobs.submit({ title: 'dead 3' }, {}, { prefer: 'wait=10' });
  fails = false;
  assert.deepEqual((await jobs.ask('POST', '/v1/jobs/revive?process=plot')).json, { revived: 2 });
  await jobs.stopWorkers();
});

test('the same Idempotency-Key with the same body is the same job; with another, 422', async () => {
  const key = { 'idempotency-key': '"k-1"' };
  const both = await Promise.all([
    jobs.submit({ title: 'once' }, {}, key),
    jobs.submit({ title: 'once' }, {}, { 'idempotency-key': 'k-1' }),
  ]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [201, 201],
  );
  assert.equal(both[0].json.id, both[1].json.id);
  const other = await jobs.submit({ title: 'other' }, {}, key);
  assert.deepEqual([other.status, (other.json as unknown as { type: string }).type], [422, '/problems/key-reused']);
  assert.notEqual((await jobs.submit({ title: 'once' })).json.id, both[0].json.id);
  assert.equal((await jobs.submit({ title: 'once' }, {}, { 'idempotency-key': 'x'.repeat(300) })).status, 400);
});

test('how safe a job is, is stated', async () => {
  assert.equal((await jobs.submit({ title: 'memory' })).json.durability, 'memory');
  const unsafe = await jobs.submit({ title: 'fsync' }, {}, { prefer: 'durability=fsync' });
  assert.deepEqual([unsafe.status, unsafe.json.durability], [201, 'unconfirmed'], 'this store writes nothing to disk');
});

test('a repeat is told as much, also by a store that lost its disk meanwhile', async () => {
  const headers = { 'idempotency-key': 'k-safe', prefer: 'durability=fsync' };
  const store = jobs.store.connect(1);
  for (const [appendonly, durability] of [
    ['yes', 'fsync'],
    ['yes', 'fsync'],
    ['no', 'unconfirmed'],
  ] as const) {
    await store.config('SET', 'appendfsync', 'always', 'appendonly', appendonly);
    const answer = await jobs.submit({ title: 'safe' }, {}, headers);
    assert.deepEqual([answer.status, answer.json.durability], [201, durability]);
    assert.equal(answer.headers['preference-applied'], durability === 'fsync' ? 'durability=fsync' : undefined);
  }
});

test('one result is its bytes, several are links; parts of a result can be had', async () => {
  jobs.startWorker();
  const one = (await jobs.submit({ title: 'one' }, {}, { prefer: 'wait=10' })).json;
  const two = (await jobs.submit({ title: 'one' }, { outputs: ['png', 'svg'] }, { prefer: 'wait=10' })).json;
  const whole = await jobs.ask('GET', `/v1/jobs/${one.id}/results`);
  assert.deepEqual([whole.status, whole.headers['content-type'], whole.headers['accept-ranges']], [200, 'image/png', 'bytes']);
  assert.deepEqual(Object.keys((await jobs.ask('GET', `/v1/jobs/${two.id}/results`)).json), ['png', 'svg']);
  const url = `/v1/jobs/${one.id}/results/png`;
  const part = await jobs.ask('GET', url, undefined, { range: 'bytes=4-7' });
  assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes 4-7/${whole.bytes.length}`]);
  assert.deepEqual(part.bytes, whole.bytes.subarray(4, 8));
  const other = await jobs.ask('GET', url, undefined, { range: 'bytes=4-7', 'if-range': '"another"' });
  assert.deepEqual([other.status, other.bytes], [200, whole.bytes]);
  const beyond = await jobs.ask('GET', url, undefined, { range: 'bytes=9999-' });
  assert.deepEqual([beyond.status, beyond.headers['content-range']], [416, `bytes */${whole.bytes.length}`]);
  const head = await jobs.ask('HEAD', url);
  assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length], [200, String(whole.bytes.length), 0]);
  await jobs.stopWorkers();
});

test('pages of jobs are read on by cursor, whatever comes meanwhile', async () => {
  const { json } = await jobs.ask<{ items: Job[]; links: { rel: string; href: string }[]; numberMatched: number }>(
    'GET',
    '/v1/jobs?limit=3',
  );
  await jobs.submit({ title: 'meanwhile' });
  const seen = json.items.map(({ id }) => id);
  for (let next = json.links.find(({ rel }) => rel === 'next'); next !== undefined; ) {
    const page = (await jobs.ask<typeof json>('GET', next.href)).json;
    seen.push(...page.items.map(({ id }) => id));
    next = page.links.find(({ rel }) => rel === 'next');
  }
  assert.equal(new Set(seen).size, json.numberMatched);
  assert.equal((await jobs.ask('GET', '/v1/jobs?cursor=nonsense')).status, 400);
  assert.equal((await jobs.ask('GET', '/v1/jobs?from=yesterday')).status, 400);
  const from = encodeURIComponent(json.items[0]?.created as string);
  assert.equal((await jobs.ask<typeof json>('GET', `/v1/jobs?from=${from}`)).json.numberMatched, 2);
});

test('too many waiting jobs are refused before anything is accepted, and taken again when there is room', async () => {
  const small = await startJobs({ COURSE_EDITION: 'seed' }, { limits: { depth: 2 } });
  try {
    await loadStones(small.data);
    for (const title of ['a', 'b']) assert.equal((await small.submit({ title })).status, 201);
    await sleep(300);
    const refused = await small.submit({ title: 'c' });
    assert.deepEqual([refused.status, refused.headers['retry-after'], await small.queue.depth()], [503, '5', 2]);
    assert.match((refused.json as unknown as { detail: string }).detail, /The queue is full: 2 jobs wait, the limit is 2/);
    small.startWorker();
    while ((await small.queue.depth()) > 0) await sleep(10);
    await sleep(300);
    assert.equal((await small.submit({ title: 'c' })).status, 201);
  } finally {
    await small.end();
  }
});
