// Against the Python package itself, unmodified. Needs python3 and what pip downloads into a folder that is removed again: ALMANAC_TEST_ALL=1.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonWith, startTestRedis, type TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { exactJson, type HeldJob, HotQueue, pickledStrings, queueKeys, ReliableQueue, raw, silent, Worker } from '../src/index.ts';
import { exchangeFaults } from './chaos/invariants.ts';

const isAsked = process.env.ALMANAC_TEST_ALL === '1';
if (isAsked) console.log('installing hotqueue 0.2.8 and redis by pip into a temporary folder');
const installed = isAsked
  ? pythonWith('hotqueue==0.2.8', 'redis')
  : { skip: 'downloads hotqueue 0.2.8 and redis for Python; set ALMANAC_TEST_ALL=1 to run it' };
const skip = 'skip' in installed ? installed.skip : false;
let store: TestRedis;
let redis: Redis;

before(async () => {
  if (skip !== false) return;
  store = await startTestRedis();
  redis = store.connect(1);
});
after(async () => {
  await store?.end();
  if (!('skip' in installed)) installed.end();
});

/** Runs a script that has `q`, the queue with the json serializer, and `p`, the same with none named: Python then pickles. */
async function python(queue: string, script: string): Promise<string> {
  const head = `
import json, sys
sys.stdout.reconfigure(encoding='utf-8')
from hotqueue import HotQueue
here = dict(host='127.0.0.1', port=${store.port}, db=1)
q = HotQueue('${queue}', serializer=json, **here)
p = HotQueue('${queue}', **here)
`;
  assert.ok(!('skip' in installed));
  const { status, output } = await installed.start(['-c', head + script]);
  assert.equal(status, 0, output);
  return output.trim();
}

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const message of messages) found.push(message);
  return found;
}

function startWorker(queue: string, handle: (job: HeldJob) => unknown, adopts = false): Worker {
  return new Worker({
    redis,
    blocking: store.connect(1),
    queue,
    logger: silent,
    blockSeconds: 0.2,
    adopts,
    concurrency: 4,
    async handle(job) {
      await handle(job);
      return { state: 'complete', note: '{}' };
    },
  }).start();
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await what()); await sleep(10)) assert.ok(Date.now() < end, 'it did not happen in time');
}

const numbers = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

/** Odd values, as Python and as JavaScript write them. */
const ODD_IN_PYTHON =
  "{'a': 'ünï \\U0001f680'}, 'line\\nbreak\\t\\\\', [], '', {}, [[1, [2, {'x': [None, True, 1.5]}]]], 0, -1, False, 2**53-1, {'': ''}";
const ODD: unknown[] = [
  { a: 'ünï 🚀' },
  'line\nbreak\t\\',
  [],
  '',
  {},
  [[1, [2, { x: [null, true, 1.5] }]]],
  0,
  -1,
  false,
  Number.MAX_SAFE_INTEGER,
  { '': '' },
];

test('JSON from Python to here: a thousand in one put, odd values, big integers, and null, which ends nothing', { skip }, async () => {
  await python('from-python', `q.put(*range(1000)); q.put(${ODD_IN_PYTHON}); q.put(None, 'behind null')`);
  const queue = new HotQueue('from-python', { redis });
  assert.equal(await queue.length(), 1000 + ODD.length + 2);
  assert.deepEqual(await all(queue.consume({ block: false })), [...numbers(1000), ...ODD, null, 'behind null']);
  await python('from-python', 'q.put(2**60, {"n": -2**70}, 1e300, 2**60)');
  const exact = new HotQueue('from-python', { redis, serializer: exactJson });
  assert.deepEqual([await exact.get(), await exact.get(), await exact.get()], [2n ** 60n, { n: -(2n ** 70n) }, 1e300]);
  assert.equal(String(await new HotQueue('from-python', { redis, serializer: raw }).get()), '1152921504606846976');
});

test('JSON from here to Python: the same values, in order, to get and to consume', { skip }, async () => {
  const queue = new HotQueue('to-python', { redis });
  await queue.put(...numbers(1000));
  await queue.put(...ODD);
  await new HotQueue('to-python', { redis, serializer: exactJson }).put(2n ** 60n);
  const script = `
assert len(q) == 1000 + ${ODD.length} + 1
assert [q.get() for _ in range(1000)] == list(range(1000))
expected = [${ODD_IN_PYTHON}, 2**60]
got = list(q.consume(block=False))
assert got == expected, got
assert q.get() is None
q.put(1); q.clear(); assert len(q) == 0
print('fine')`;
  assert.equal(await python('to-python', script), 'fine');
});

test('a blocking Python consumer wakes for our put, and ours for Python’s', { skip }, async () => {
  const got = python('wake', 'print(q.get(block=True, timeout=20))');
  await until(async () => ((await redis.client('LIST')) as string).includes('cmd=blpop'));
  await new HotQueue('wake', { redis }).put('for Python');
  assert.equal(await got, 'for Python');
  const queue = new HotQueue('wake', { redis });
  const ours = queue.get({ block: true, timeout: 20 });
  await python('wake', "q.put('from Python')");
  assert.equal(await ours, 'from Python');
  queue.close();
});

test('strings and integers under Python’s default serializer, both ways and in every protocol', { skip }, async () => {
  const queue = new HotQueue('pickled', { redis, serializer: pickledStrings });
  const values = "'', 'an id', 'ünï \\U0001f680\\n', 'x' * 70000, 0, 1, 255, 256, 65536, -1, -129, 2**31, 2**53, -2**64, 2**2000";
  const ours = [
    '',
    'an id',
    'ünï 🚀\n',
    'x'.repeat(70_000),
    0,
    1,
    255,
    256,
    65_536,
    -1,
    -129,
    2 ** 31,
    2n ** 53n,
    -(2n ** 64n),
    2n ** 2000n,
  ];
  await python('pickled', `p.put(${values})`);
  assert.deepEqual(await all(queue.consume({ block: false })), ours);
  const every = `
import pickle, redis
r = redis.Redis(**here)
for protocol in range(6): r.rpush(p.key, *[pickle.dumps(v, protocol) for v in (${values})])`;
  await python('pickled', every);
  assert.deepEqual(await all(queue.consume({ block: false })), Array.from({ length: 6 }, () => ours).flat());
  await queue.put(...ours);
  assert.equal(await python('pickled', `assert list(p.consume(block=False)) == [${values}]; print('fine')`), 'fine');
});

test('what Python pickles beside strings and integers is kept apart with its bytes, and loadable there', { skip }, async () => {
  await python('odd-pickles', "p.put('first', {'a': 1}, [1], None, True, 1.5, b'bytes', 'last')");
  const queue = new HotQueue('odd-pickles', { redis, serializer: pickledStrings });
  assert.deepEqual(await all(queue.consume({ block: false })), ['first', 'last']);
  const script = `
import pickle, redis
r = redis.Redis(**here)
print([pickle.loads(raw) for raw in r.lrange('${queueKeys('odd-pickles').lost}', 0, -1)])`;
  assert.equal(await python('odd-pickles', script), "[{'a': 1}, [1], None, True, 1.5, b'bytes']");
});

test('Python takes the ids we put, in order; our worker takes the ids Python puts, as JSON or pickled, and keeps apart the rest', {
  skip,
}, async () => {
  const queue = new ReliableQueue(redis, 'plot');
  const ids = numbers(200).map((i) => `job-${i}`);
  for (const id of ids) await queue.enqueue(id, '{}');
  assert.equal(await python('plot', 'print(len(q), *[q.get() for _ in range(200)])'), `200 ${ids.join(' ')}`);

  const pickledIds = "for i in range(100, 200): p.put('job-%d' % i)";
  await python('plot', `q.put(*['job-%d' % i for i in range(100)])\n${pickledIds}\nq.put({'a': 'ünï'}, [], '', 2**60, None)\np.put([1])`);
  const worker = startWorker('plot', () => {});
  await until(async () => (await queue.get(ids)).every((record) => record?.state === 'complete') && (await queue.lost()) === 6);
  await worker.stop();
  const lost = await redis.lrange(queue.keys.lost, 0, 4);
  assert.deepEqual(lost, ['{"a": "\\u00fcn\\u00ef"}', '[]', '""', '1152921504606846976', 'null']);
  assert.equal((await queue.get(ids)).filter((record) => record?.attempts !== 1).length, 0);
});

test('two producers, Python and ours, beside each other: each one’s messages come in its order', { skip }, async () => {
  const producing = python('order', 'for i in range(2000): q.put(["python", i])');
  const queue = new HotQueue<[string, number]>('order', { redis });
  for (const i of numbers(2000)) await queue.put(['ours', i]);
  await producing;
  const got = await all(queue.consume({ block: false }));
  for (const who of ['python', 'ours']) {
    const order = got.filter(([whose]) => whose === who).map(([, i]) => i);
    assert.deepEqual(order, numbers(2000), who);
  }
});

test('F15: producers and consumers of both kinds mixed: what went in comes out, no more and no less (I15)', { skip }, async (t) => {
  const queue = new HotQueue<string>('mixed', { redis });
  const name = (who: string, i: number) => `${who}-${i}`;
  const consumer = () => python('mixed', "for m in q.consume(block=True, timeout=3): sys.stdout.write(m + '\\n')");
  const consuming = [consumer(), consumer()];
  const ours = [all(queue.consume({ timeout: 3 })), all(queue.consume({ timeout: 3 }))];
  const producer = (who: string) =>
    python('mixed', `for i in range(1500): q.put('${who}-%d' % i)\nq.put(*['${who}-%d' % i for i in range(1500, 2500)])`);
  const producing = [producer('p1'), producer('p2')];
  for (const i of numbers(2500)) await queue.put(name('ours', i));
  await Promise.all(producing);
  const byPython = (await Promise.all(consuming)).flatMap((text) => text.split('\n').filter((line) => line !== ''));
  const byUs = (await Promise.all(ours)).flat();
  queue.close();
  t.diagnostic(`${byPython.length} messages were taken by Python, ${byUs.length} by us`);
  const put = ['p1', 'p2', 'ours'].flatMap((who) => numbers(2500).map((i) => name(who, i)));
  assert.deepEqual(exchangeFaults(put, [...byPython, ...byUs]), []);
  assert.ok(byPython.length > 0 && byUs.length > 0);
});

test('what Python puts is a job where the worker adopts it, each run once beside jobs of our own', { skip }, async () => {
  const queue = new ReliableQueue(redis, 'adopted');
  const ran: string[] = [];
  const worker = startWorker('adopted', ({ id, payload, record }) => ran.push(record.isForeign ? payload : id), true);
  const producing = python('adopted', 'q.put(*[{"n": i} for i in range(1000)])\nfor i in range(1000, 2000): q.put({"n": i})');
  const ids = numbers(1000).map((i) => `job-${i}`);
  for (const id of ids) await queue.enqueue(id, '{}');
  await producing;
  await until(() => ran.length >= 3000);
  await sleep(100);
  await worker.stop();
  assert.deepEqual(ran.sort(), [...ids, ...numbers(2000).map((i) => `{"n": ${i}}`)].sort());
  assert.equal(await queue.depth(), 0);
});
