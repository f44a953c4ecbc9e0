import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startTestRedis } from '@almanac/testkit';
import { HotQueue, UnreadableElement } from './index.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);

test('what is put lies in the list as JSON text, in order, under the name a HotQueue client uses', async () => {
  const queue = new HotQueue(redis, 'wire');
  await queue.put('a job', { n: 1 }, [], '', 'ünïcode\n');
  await queue.put();
  assert.deepEqual(await redis.lrange('hotqueue:wire', 0, -1), ['"a job"', '{"n":1}', '[]', '""', '"ünïcode\\n"']);
  assert.equal(await queue.len(), 5);
});

test('what a Python client wrote is read: blanks after separators, ASCII escapes', async () => {
  await redis.rpush('hotqueue:python', '{"id": "x", "y": [1, 2]}', '"\\u00fcn\\u00ef"');
  const queue = new HotQueue(redis, 'python');
  assert.deepEqual(await queue.get(), { id: 'x', y: [1, 2] });
  assert.equal(await queue.get({ block: true, timeout: 1 }), 'ünï');
  assert.equal(await queue.get(), undefined);
});

test('null and what has no JSON text is refused, and nothing of the same call is put', async () => {
  const queue = new HotQueue(redis, 'null');
  for (const bad of [null, undefined, Number.NaN, () => 1]) await assert.rejects(queue.put('good', bad), TypeError);
  assert.equal(await queue.len(), 0);
});

test('an element that is not JSON is thrown with its bytes', async () => {
  const pickle = Buffer.from('8004950600000000000000 8c026f6b942e'.replaceAll(' ', ''), 'hex');
  await redis.rpush('hotqueue:pickle', pickle);
  await assert.rejects(
    new HotQueue(redis, 'pickle').get(),
    (error) => error instanceof UnreadableElement && error.raw.equals(pickle) && error.message.includes('hotqueue:pickle'),
  );
});

test('a blocking get waits for a put, ends after its timeout, and refuses one that would be for ever', async () => {
  const queue = new HotQueue(store.connect(1), 'wait');
  const got = queue.get({ block: true, timeout: 5 });
  await new HotQueue(redis, 'wait').put(42);
  assert.equal(await got, 42);
  assert.equal(await queue.get({ block: true, timeout: 0.05 }), undefined);
  await assert.rejects(queue.get({ block: true, timeout: 0.001 }), RangeError);
});

test('clear empties the list', async () => {
  const queue = new HotQueue(redis, 'clear');
  await queue.put(1, 2, 3);
  await queue.clear();
  assert.equal(await queue.len(), 0);
});
