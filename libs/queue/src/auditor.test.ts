import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import {
  type Audit,
  type AuditOptions,
  Auditor,
  Observer,
  queueKeys,
  queueNames,
  ReliableQueue,
  silent,
  violationsOf,
  Worker,
} from './index.ts';
import { SettlingConnection } from './settling-connection.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
let n = 0;

/** A queue of the test's own, with a worker `w1` that is registered and does nothing by itself. */
async function setUp() {
  const name = `audited${++n}`;
  const keys = queueKeys(name);
  const connection = new SettlingConnection(redis, keys);
  await connection.run('beat', ['w1', 'new']);
  const auditor = new Auditor(redis, name);
  const queue = new ReliableQueue(redis, name);
  return {
    name,
    keys,
    queue,
    /** what an audit finds, without the zeros; everything is old enough a moment later */
    audit: async (options: AuditOptions = {}): Promise<Partial<Audit>> => {
      await sleep(5);
      return Object.fromEntries(Object.entries(await auditor.audit({ graceMs: 0, ...options })).filter(([, count]) => count > 0));
    },
    start: async (worker = 'w1') => ((await connection.run('cycle', [worker, ++n, 1, '', 60_000])) as string[])[3],
    finish: (id: string, token: string, outcome = 's') =>
      connection.run('cycle', [token.split(':')[0] as string, 0, 0, '', 60_000, id, token, outcome, '{}', 0]) as Promise<
        [string, number, number]
      >,
    record: async (id: string) => (await queue.get([id]))[0],
  };
}

test('a queue in order: nothing is found, and elements of other programs are strangers, not faults', async () => {
  const { queue, keys, audit, start, finish, record } = await setUp();
  for (const id of ['done', 'held', 'waiting']) await queue.enqueue(id, '{}', { hash: `of-${id}` });
  await queue.enqueue('follows', '{}', { hash: 'of-waiting' });
  await queue.enqueue('later', '{}', { delayMs: 60_000 });
  await start();
  await finish('done', (await record('done'))?.token as string);
  await start();
  await redis.rpush(keys.list, '{"n":1}', '"of-python"');
  assert.deepEqual(await audit(), { jobs: 5, strangers: 2 });
  assert.equal(await queue.depth(), 3);
});

test('a job whose id somebody took and lost goes back, when nothing changed about it for long enough', async () => {
  const { queue, keys, audit, start, record } = await setUp();
  await queue.enqueue('job', '{"a":1}');
  await redis.lpop(keys.list);
  assert.deepEqual(await audit({ graceMs: 60_000 }), { jobs: 1, young: 1 });
  assert.deepEqual(await audit({ repairs: false }), { jobs: 1, nowhere: 1 });
  assert.equal(await queue.depth(), 0, 'looking changes nothing');
  assert.deepEqual(await audit(), { jobs: 1, nowhere: 1 });
  assert.deepEqual(await redis.lrange(keys.list, 0, -1), ['"job"']);
  assert.deepEqual(await audit(), { jobs: 1 });
  assert.equal(await start(), 'job');
  assert.equal((await record('job'))?.payload, '{"a":1}');
});

test('an active job that its worker does not hold goes back, and the worker’s end counts for nothing', async () => {
  const { queue, keys, audit, start, finish, record } = await setUp();
  await queue.enqueue('job', '{}');
  await start();
  const token = (await record('job'))?.token as string;
  await redis.srem(keys.held('w1'), 'job');
  assert.deepEqual(await audit(), { jobs: 1, nowhere: 1 });
  const back = await record('job');
  assert.deepEqual([back?.state, back?.token, back?.attempts, back?.past.length], ['queued', '', 1, 1]);
  assert.deepEqual(await finish('job', token), ['OK', 0, 1, 'job']);
});

test('an adopted job that goes back is still told to be another program’s', async () => {
  const { keys, audit, record, name } = await setUp();
  await redis.rpush(keys.list, '{"n":1}');
  const connection = new SettlingConnection(redis, queueKeys(name));
  const id = ((await connection.run('cycle', ['w1', 1, 1, 'adopt', 60_000])) as string[])[3] as string;
  await redis.del(keys.held('w1'));
  assert.deepEqual(await audit(), { jobs: 1, nowhere: 1 });
  assert.deepEqual([(await record(id))?.state, (await record(id))?.isForeign], ['queued', true]);
});

test('a delayed job that is not among the delayed, and one that follows nobody any more, go back', async () => {
  const { queue, keys, audit, record } = await setUp();
  await queue.enqueue('later', '{}', { delayMs: 60_000 });
  await redis.del(keys.delayed);
  await queue.enqueue('holder', '{}', { hash: 'h' });
  await queue.enqueue('follower', '{}', { hash: 'h' });
  await redis.del(keys.record('holder'), keys.followers('holder'));
  assert.deepEqual(await audit(), { jobs: 3, nowhere: 2, gone: 1 });
  assert.deepEqual([(await record('later'))?.state, (await record('follower'))?.state], ['queued', 'queued']);
  assert.equal((await record('follower'))?.of, undefined);
  assert.deepEqual(await audit(), { jobs: 2, strangers: 1 }, 'the holder’s id alone names no job');
});

test('workers whose registration is lost are registered again, and an observer gives back what they had', async () => {
  const { name, queue, keys, audit, start, record } = await setUp();
  for (const id of ['held', 'moved', 'waits']) await queue.enqueue(id, '{}');
  await start();
  await redis.lmove(keys.list, keys.inbox('w2'), 'LEFT', 'RIGHT');
  await redis.del(keys.workers);
  assert.deepEqual(await audit({ repairs: false }), { jobs: 3, unregistered: 2 });
  assert.deepEqual(await redis.hgetall(keys.workers), {});
  assert.deepEqual(await audit(), { jobs: 3, unregistered: 2 });
  assert.deepEqual(await audit(), { jobs: 3 });
  const observer = new Observer({ redis, queue: name, logger: silent, lostAfterMs: 100 });
  const reaped: string[] = [];
  for (const until = Date.now() + 5000; reaped.length < 2 && Date.now() < until; await sleep(30)) reaped.push(...(await observer.look()));
  assert.deepEqual(reaped.sort(), ['w1', 'w2']);
  assert.deepEqual((await redis.lrange(keys.list, 0, -1)).sort(), ['"held"', '"moved"', '"waits"']);
  assert.equal((await record('held'))?.crashes, 1);
});

test('a worker that lives and whose registration was lost goes on, with what it holds', async () => {
  const { name, queue, keys, audit, start, finish, record } = await setUp();
  await queue.enqueue('job', '{}');
  await start();
  await redis.del(keys.workers);
  await audit();
  const connection = new SettlingConnection(redis, queueKeys(name));
  assert.deepEqual(await connection.run('beat', ['w1', '']), ['OK']);
  assert.deepEqual(await finish('job', (await record('job'))?.token as string), ['OK', 0, 0]);
});

test('a job in two places is taken out where it does not belong', async () => {
  const { queue, keys, audit, start, record } = await setUp();
  for (const id of ['held', 'held by two', 'twice', 'inbox too', 'delayed too', 'held too'].map((text) => text.replaceAll(' ', '-')))
    await queue.enqueue(id, '{}');
  await queue.enqueue('later', '{}', { delayMs: 60_000 });
  await start();
  await start();
  await redis.hset(keys.workers, 'w2', 1);
  await redis.rpush(keys.list, '"held"', '"twice"', '"twice"', '"later"');
  await redis.rpush(keys.inbox('w2'), '"inbox-too"', '"inbox-too"', '"later"');
  await redis.sadd(keys.held('w2'), 'held-by-two', 'held-too');
  await redis.zadd(keys.delayed, 0, 'delayed-too', 0, 'held');
  assert.deepEqual(await audit({ repairs: false }), { jobs: 7, doubled: 7 });
  assert.deepEqual(await audit(), { jobs: 7, doubled: 7 });
  assert.deepEqual(await redis.lrange(keys.list, 0, -1), ['"twice"', '"delayed-too"', '"held-too"']);
  assert.deepEqual(await redis.lrange(keys.inbox('w2'), 0, -1), ['"inbox-too"']);
  assert.deepEqual((await redis.smembers(keys.held('w1'))).sort(), ['held', 'held-by-two']);
  assert.deepEqual(await redis.smembers(keys.held('w2')), []);
  assert.deepEqual(await redis.zrange(keys.delayed, '0', '-1'), ['later']);
  assert.equal((await record('held'))?.state, 'active');
  assert.deepEqual(await audit(), { jobs: 7 });
});

test('an ended job that is still held or delayed is let go; one in the list may stay', async () => {
  const { queue, keys, audit, start, finish, record } = await setUp();
  await queue.enqueue('job', '{}');
  await start();
  await finish('job', (await record('job'))?.token as string);
  await redis.sadd(keys.held('w1'), 'job');
  await redis.zadd(keys.delayed, 0, 'job');
  await redis.rpush(keys.list, '"job"');
  assert.deepEqual(await audit(), { jobs: 1, doubled: 1 });
  assert.deepEqual([await redis.exists(keys.held('w1')), await redis.exists(keys.delayed), await queue.depth()], [0, 0, 1]);
  assert.equal((await record('job'))?.state, 'complete');
});

test('ids without a record are forgotten wherever they are, except in the list', async () => {
  const { queue, keys, audit } = await setUp();
  await redis.zadd(keys.all, 1, 'listed');
  await redis.zadd(keys.delayed, Date.now() + 1e6, 'delayed');
  await redis.sadd(keys.held('w1'), 'held');
  await redis.rpush(keys.list, '"waiting"');
  await queue.enqueue('job', '{}');
  assert.deepEqual(await audit(), { jobs: 2, gone: 3, strangers: 1 });
  assert.deepEqual(await audit(), { jobs: 1, strangers: 1 });
  assert.deepEqual([await redis.exists(keys.held('w1')), await redis.exists(keys.delayed), await queue.depth()], [0, 0, 2]);
});

test('jobs that are not in the index are entered with the time of their creation', async () => {
  const { queue, keys, audit, start } = await setUp();
  for (const id of ['held', 'waiting']) await queue.enqueue(id, '{}');
  await queue.enqueue('later', '{}', { delayMs: 60_000 });
  await start();
  const before = await redis.zrange(keys.all, '0', '-1', 'WITHSCORES');
  await redis.del(keys.all);
  assert.deepEqual(await audit(), { unlisted: 3 });
  assert.deepEqual(await redis.zrange(keys.all, '0', '-1', 'WITHSCORES'), before);
  assert.deepEqual(await audit(), { jobs: 3 });
});

test('a record that cannot be read is told and left alone', async () => {
  const { keys, audit } = await setUp();
  await redis.set(keys.record('odd'), 'who knows');
  await redis.zadd(keys.all, 1, 'odd');
  assert.deepEqual(await audit(), { jobs: 1, unreadable: 1 });
  assert.equal(await redis.get(keys.record('odd')), 'who knows');
});

test('many faults at once, over many pages', async () => {
  const { queue, keys, audit } = await setUp();
  const ids = Array.from({ length: 1000 }, (_, i) => `job-${i}`);
  await queue.enqueueAll(ids.map((id) => ({ id, payload: '{}' })));
  for (let i = 0; i < 1000; i += 3) await redis.lrem(keys.list, 1, `"job-${i}"`);
  assert.deepEqual(await audit(), { jobs: 1000, nowhere: 334 });
  assert.equal(await queue.depth(), 1000);
  assert.deepEqual(await audit(), { jobs: 1000 });
});

test('beside work that goes on nothing is found, and nothing is run twice', async () => {
  const { name, queue } = await setUp();
  const runs: string[] = [];
  const worker = new Worker({
    redis: store.connect(1),
    blocking: store.connect(1),
    queue: name,
    logger: silent,
    concurrency: 20,
    async handle({ id }) {
      runs.push(id);
      await sleep(Math.random() * 5);
      return Math.random() < 0.05 ? { state: 'retry', note: '{}', reason: 'again' } : { state: 'complete', note: '{}' };
    },
    retry: { attempts: 100, baseMs: 20 },
  }).start();
  const auditor = new Auditor(store.connect(1), name);
  const totals: Partial<Audit> = {};
  const ids = Array.from({ length: 4000 }, (_, i) => `job-${i}`);
  const adding = (async () => {
    for (let at = 0; at < ids.length; at += 20) await queue.enqueueAll(ids.slice(at, at + 20).map((id) => ({ id, payload: '{}' })));
  })();
  let audits = 0;
  for (const end = Date.now() + 20_000; (await queue.counts()).complete < ids.length; ) {
    assert.ok(Date.now() < end);
    for (const [what, count] of Object.entries(await auditor.audit({ graceMs: 0 })))
      totals[what as keyof Audit] = (totals[what as keyof Audit] ?? 0) + count;
    audits++;
  }
  await adding;
  await worker.stop();
  const { jobs: _, ...found } = totals;
  assert.ok(audits > 3);
  assert.deepEqual(
    Object.entries(found).filter(([, count]) => count > 0),
    [],
  );
  const records = await queue.get(ids);
  assert.equal(
    runs.length,
    records.reduce((sum, record) => sum + (record?.attempts ?? 0), 0),
  );
});

test('of many who want an audit, one does it; it may take its time, and finds the same', async () => {
  const { queue, keys, name } = await setUp();
  await queue.enqueueAll(Array.from({ length: 500 }, (_, i) => ({ id: `job-${i}`, payload: '{}' })));
  await redis.zadd(keys.all, 1, 'nothing');
  const found = await Promise.all([1, 2, 3].map(() => new Auditor(redis, name).auditIfDue(60_000, { share: 0.5 })));
  const audits = found.filter((audit) => audit !== undefined);
  assert.equal(audits.length, 1);
  assert.equal(audits[0]?.jobs, 501);
  assert.deepEqual(violationsOf(audits[0] as Audit), { gone: 1 });
});

test('who asks once in each interval audits each time: the mark ends before the next time comes', async () => {
  const { name, keys } = await setUp();
  const everyMs = 60_000;
  for (let tick = 0; tick < 2; tick++) {
    assert.ok((await new Auditor(redis, name).auditIfDue(everyMs)) !== undefined, `tick ${tick}`);
    assert.equal(await new Auditor(redis, name).auditIfDue(everyMs), undefined, 'another replica');
    // The interval passes, less what the first command of the next tick may come early.
    const left = await redis.pttl(keys.audited);
    const passes = everyMs - 1000;
    if (left <= passes) await redis.del(keys.audited);
  }
});

test('the queues of a store are found by their indexes', async () => {
  const { queue, name } = await setUp();
  await queue.enqueue('job', '{}');
  assert.ok((await queueNames(redis)).includes(name));
});
