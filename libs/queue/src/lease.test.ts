import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { Leases, leaseOf, Observer, type QueueRecord, ReliableQueue, silent, workerOf } from './index.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
let n = 0;

function setUp() {
  const name = `lease${++n}`;
  return { name, queue: new ReliableQueue(redis, name), leases: new Leases(redis, name) };
}
const done = { state: 'complete', note: '{}', reuseForMs: 1000 } as const;

test('a job is taken, renewed and ended by token alone; nothing of its holder is left', async () => {
  const { queue, leases } = setUp();
  assert.equal(await leases.take(1000), undefined);
  await redis.rpush(queue.keys.list, 'nonsense');
  await queue.enqueue('job', '{"a":1}');
  const { id, token, payload, state } = (await leases.take(1000)) as QueueRecord;
  assert.deepEqual([id, payload, state], ['job', '{"a":1}', 'active']);
  assert.equal(await leases.progress(id, token, 33.3, 'half\nway'), 'ok');
  assert.equal((await queue.get([id]))[0]?.note, '33 half way');
  assert.equal(await leases.progress(id, `${token}0`, 40, ''), 'stale');
  assert.equal(await leases.isHeld(id, token), true);
  assert.equal(await leases.end(id, `${token}0`, done), false);
  assert.equal(await leases.end(id, token, done), true);
  assert.equal((await queue.get([id]))[0]?.state, 'complete');
  assert.equal(await redis.exists(queue.keys.workers), 0);
  assert.equal(await leases.isHeld(id, token), false);
});

test('who took an id from the list itself claims the job by it', async () => {
  const { queue, leases } = setUp();
  await queue.enqueue('job', '{}');
  await redis.lpop(queue.keys.list);
  const record = (await leases.claim('job', 1000)) as QueueRecord;
  assert.equal(record.attempts, 1);
  assert.equal(await leases.claim('job', 1000), 'active');
  assert.equal(await leases.claim('none', 1000), undefined);
  await queue.cancel('job');
  assert.equal(await leases.progress('job', record.token, 1, ''), 'cancelled');
  assert.equal(await leases.end('job', record.token, { ...done, state: 'cancelled' }), true);
  await queue.enqueue('waits', '{}');
  assert.equal(((await leases.claim('waits', 1000)) as QueueRecord).state, 'active');
  assert.equal(await queue.depth(), 0, 'a claimed id leaves the list');
});

test('silence longer than the lease gives the job to another, whatever the observer takes for long elsewhere', async () => {
  const { name, queue, leases } = setUp();
  await queue.enqueue('job', '{}');
  const observer = new Observer({ redis, queue: name, logger: silent, lostAfterMs: 60_000 });
  const { token } = (await leases.take(150)) as QueueRecord;
  assert.equal(leaseOf(token), 150);
  for (let i = 0; i < 4; i++) {
    await sleep(60);
    await leases.progress('job', token, i, '');
    assert.deepEqual(await observer.look(), []);
  }
  await observer.look();
  await sleep(200);
  assert.equal((await observer.look()).length, 1);
  assert.equal((await queue.get(['job']))[0]?.state, 'queued');
  assert.equal(await leases.progress('job', token, 99, ''), 'stale');
  assert.equal(await leases.end('job', token, done), false);
  assert.equal(((await leases.take(150)) as QueueRecord).attempts, 2);
});

test('a job that is to be tried again waits for its time', async () => {
  const { queue, leases } = setUp();
  await queue.enqueue('job', '{}');
  const { token } = (await leases.take(1000)) as QueueRecord;
  assert.equal(await leases.end('job', token, { ...done, state: 'retry', note: 'no disk', delayMs: 60_000 }), true);
  const [job] = await queue.get(['job']);
  assert.deepEqual([job?.state, job?.past[0]?.reason], ['delayed', 'no disk']);
});

test('the public name of a worker allows nothing: no guess renews, reports, ends or takes the job', async () => {
  const { name, queue, leases } = setUp();
  await queue.enqueue('job', '{}');
  const { token } = (await leases.take(60_000)) as QueueRecord;
  const worker = workerOf(token);
  const secret = token.slice(worker.length + 1);
  assert.match(secret, /^[\w-]{22}$/);
  const beats = () => redis.hget(queue.keys.workers, worker);
  const before = await beats();
  const guesses = [
    `${worker}:1`,
    `${worker}:`,
    worker,
    ':',
    '',
    token.slice(0, -1),
    `${token}:1`,
    `${worker}:${secret.toUpperCase()}`,
    `x:${secret}`,
  ];
  for (const guess of guesses) {
    assert.equal(await leases.isHeld('job', guess), false, guess);
    assert.equal(await leases.progress('job', guess, 50, ''), 'stale', guess);
    for (const state of ['complete', 'failed', 'cancelled', 'retry'] as const)
      assert.equal(await leases.end('job', guess, { ...done, state }), false, guess);
  }
  assert.equal(await beats(), before, 'no guess keeps a dead worker alive');
  assert.equal((await queue.get(['job']))[0]?.state, 'active');
  assert.equal(await leases.end('job', token, done), true);
  assert.equal((await new ReliableQueue(redis, name).get(['job']))[0]?.state, 'complete');
});

test('two takes never share a secret, and a job claimed by its id has one too', async () => {
  const { queue, leases } = setUp();
  for (const id of ['a', 'b', 'c']) await queue.enqueue(id, '{}');
  const records = [await leases.take(1000), await leases.take(1000), await leases.claim('c', 1000)] as QueueRecord[];
  const secrets = records.map(({ token }) => token.slice(token.lastIndexOf(':') + 1));
  assert.equal(new Set(secrets).size, 3);
  assert.ok(secrets.every((secret) => secret.length === 22));
});

test('a job that an earlier version handed out is ended under its old token', async () => {
  const { queue, leases } = setUp();
  await queue.enqueue('job', '{}');
  const { token } = (await leases.take(60_000)) as QueueRecord;
  const old = `${workerOf(token)}:1`;
  const text = (await redis.get(queue.keys.record('job'))) as string;
  await redis.set(queue.keys.record('job'), text.replace(token, old));
  assert.equal(await leases.progress('job', token, 10, ''), 'stale');
  assert.equal(await leases.progress('job', old, 10, 'draw'), 'ok');
  assert.equal(await leases.end('job', old, done), true);
});
