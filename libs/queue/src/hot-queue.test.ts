import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { exactJson, HotQueue, type HotQueueOptions, pickledStrings, queueKeys, raw, UnreadableElement } from './index.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
const queues: { close(): void }[] = [];
after(() => queues.forEach((queue) => void queue.close()));

function hotQueue<T = unknown>(name: string, options: HotQueueOptions<T> = {}): HotQueue<T> {
  const queue = new HotQueue<T>(name, { redis, ...options });
  queues.push(queue);
  return queue;
}

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const message of messages) found.push(message);
  return found;
}

test('what is put lies in the list as JSON text, in order, under the name a HotQueue client uses', async () => {
  const queue = hotQueue('wire');
  await queue.put('a job', { n: 1 }, [], '', 'ünïcode\n');
  await queue.put();
  assert.equal(queue.key, 'hotqueue:wire');
  assert.deepEqual(await redis.lrange('hotqueue:wire', 0, -1), ['"a job"', '{"n":1}', '[]', '""', '"ünïcode\\n"']);
  assert.equal(await queue.length(), 5);
});

test('what a Python client wrote is read: blanks after separators, ASCII escapes', async () => {
  await redis.rpush('hotqueue:python', '{"id": "x", "y": [1, 2]}', '"\\u00fcn\\u00ef"');
  const queue = hotQueue('python');
  assert.deepEqual(await queue.get(), { id: 'x', y: [1, 2] });
  assert.equal(await queue.get({ block: true, timeout: 1 }), 'ünï');
  assert.equal(await queue.get(), undefined);
});

test('null and what has no JSON text is refused, and nothing of the same call is put', async () => {
  const queue = hotQueue('null');
  for (const bad of [null, undefined, Number.NaN, () => 1]) await assert.rejects(queue.put('good', bad), TypeError);
  assert.equal(await queue.length(), 0);
});

test('an element that cannot be read is thrown with its bytes', async () => {
  const pickle = Buffer.from('8004950600000000000000 8c026f6b942e'.replaceAll(' ', ''), 'hex');
  await redis.rpush('hotqueue:pickle', pickle);
  await assert.rejects(
    hotQueue('pickle').get(),
    (error) => error instanceof UnreadableElement && error.raw.equals(pickle) && error.message.includes('hotqueue:pickle'),
  );
});

test('a blocking get waits for a put, ends after its timeout, and refuses one that would be for ever', async () => {
  const queue = hotQueue('wait');
  const got = queue.get({ block: true, timeout: 5 });
  await queue.put(42);
  assert.equal(await got, 42, 'the same queue can put while it waits');
  assert.equal(await queue.get({ block: true, timeout: 0.05 }), undefined);
  await assert.rejects(queue.get({ block: true, timeout: 0.001 }), RangeError);
});

test('several can wait at once, each on a connection of its own, which is used again', async () => {
  const queue = hotQueue('several');
  const before = Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))?.[1]);
  for (let round = 0; round < 3; round++) {
    const waiting = [1, 2, 3].map(() => queue.get({ block: true, timeout: 5 }));
    await queue.put('a', 'b', 'c');
    assert.deepEqual((await Promise.all(waiting)).sort(), ['a', 'b', 'c']);
  }
  const now = Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))?.[1]);
  assert.equal(now - before, 3);
});

test('clear empties the list', async () => {
  const queue = hotQueue('clear');
  await queue.put(1, 2, 3);
  await queue.clear();
  assert.equal(await queue.length(), 0);
});

test('consume ends at the first empty answer, as Python’s does', async () => {
  const queue = hotQueue('consume');
  await queue.put(1, 2, 3);
  assert.deepEqual(await all(queue.consume({ block: false })), [1, 2, 3]);
  await queue.put(4);
  assert.deepEqual(await all(queue.consume({ timeout: 0.05 })), [4]);
});

test('a null that somebody put does not end it: only an empty list does', async () => {
  await redis.rpush('hotqueue:somebody', 'null', '1');
  assert.deepEqual(await all(hotQueue('somebody').consume({ block: false })), [null, 1]);
});

test('a signal ends consume, at once and without losing what comes next', async () => {
  const queue = hotQueue('signal');
  const end = new AbortController();
  const consuming = all(queue.consume({ signal: end.signal }));
  await queue.put(1);
  await sleep(100);
  const began = performance.now();
  end.abort();
  assert.deepEqual(await consuming, [1]);
  assert.ok(performance.now() - began < 400);
  await queue.put(2);
  assert.equal(await queue.length(), 1);
  assert.deepEqual(await all(queue.consume({ signal: end.signal })), [], 'one that is aborted already takes nothing');
  assert.equal(await queue.get(), 2);
});

test('a signal loses nothing however it falls together with a put', async () => {
  const queue = hotQueue<number>('race');
  const got: number[] = [];
  for (let i = 0; i < 100; i++) {
    const end = new AbortController();
    const consuming = all(queue.consume({ signal: end.signal }));
    if (i % 2 === 0) await sleep(Math.random() * 3);
    const put = queue.put(i);
    if (i % 3 === 0) await sleep(Math.random() * 2);
    end.abort();
    got.push(...(await consuming));
    await put;
  }
  got.push(...(await all(queue.consume({ block: false }))));
  assert.deepEqual(
    got.sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test('a signal ends the waiting for a store that is away', async () => {
  const queue = hotQueue('away', { redis: { port: 1, host: '127.0.0.1', lazyConnect: true } });
  const end = new AbortController();
  setTimeout(() => end.abort(), 100);
  assert.deepEqual(await all(queue.consume({ signal: end.signal })), []);
});

test('worker calls a function with each message; what it throws ends the worker, as in Python', async () => {
  const queue = hotQueue<number>('worker');
  await queue.put(1, 2, 3, 4);
  const seen: number[] = [];
  const failing = queue.worker(
    async (n) => {
      await sleep(1);
      seen.push(n);
      if (n === 3) throw new Error('three');
    },
    { block: false },
  );
  await assert.rejects(failing, /three/);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(await queue.length(), 1);
});

test('consume keeps apart what cannot be read, bytes and all, and goes on', async () => {
  const junk = [Buffer.from('NaN'), Buffer.from([0x22, 0xff, 0x22]), Buffer.from("{'a': 1}"), Buffer.from('')];
  await redis.rpush('hotqueue:junk', '1', ...junk, '2');
  assert.deepEqual(await all(hotQueue('junk').consume({ block: false })), [1, 2]);
  assert.deepEqual(await redis.lrangeBuffer(queueKeys('junk').lost, 0, -1), junk);
});

test('integers beyond 2^53: JSON loses digits, exactJson keeps them, raw gives the text', async () => {
  const text = '{"n": [9007199254740993, -18446744073709551616, 1e30, 7], "s": "9007199254740993"}';
  await redis.rpush('hotqueue:big', text, text, text);
  assert.deepEqual(((await hotQueue('big').get()) as { n: number[] }).n[0], 9007199254740992);
  const exact = hotQueue('big', { serializer: exactJson });
  const value = await exact.get();
  assert.deepEqual(value, { n: [9007199254740993n, -(2n ** 64n), 1e30, 7], s: '9007199254740993' });
  assert.equal(String(await hotQueue('big', { serializer: raw }).get()), text);
  await exact.put(value as object);
  assert.equal(await redis.lpop('hotqueue:big'), '{"n":[9007199254740993,-18446744073709551616,1e+30,7],"s":"9007199254740993"}');
});

test('raw messages are bytes; pickled ones are strings and integers', async () => {
  const bytes = hotQueue('raw', { serializer: raw });
  await bytes.put(Buffer.from([0, 255]), 'text');
  assert.deepEqual([await bytes.get(), await bytes.get()], [Buffer.from([0, 255]), Buffer.from('text')]);
  const pickled = hotQueue('pickled', { serializer: pickledStrings });
  await pickled.put('id', 7);
  assert.equal(await redis.lindex('hotqueue:pickled', 0), '\x80\x02X\x02\x00\x00\x00id.'.replace('\x80', '�'));
  assert.deepEqual(await all(pickled.consume({ block: false })), ['id', 7]);
});

test('a queue with connections of its own waits through a restart of the store, and ends them', async () => {
  const other = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  after(() => other.end());
  const queue = new HotQueue('own', { redis: { port: other.port, db: 1, retryStrategy: () => 20 } });
  const got = queue.get({ block: true, timeout: 20 });
  await queue.length();
  await other.kill();
  await other.start();
  await queue.put('after');
  assert.equal(await got, 'after');
  queue.close();
  assert.match((await other.connect(1).client('LIST')) as string, /^[^\n]*\n$/, 'only the test itself is connected');
});
