// Against the Python package itself. Needs python3 and what pip downloads into a folder that is removed again: ALMANAC_TEST_ALL=1.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonWith, startTestRedis } from '@almanac/testkit';
import { HotQueue, ReliableQueue, silent, Worker } from './index.ts';

const skip =
  process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads hotqueue 0.2.8 and redis for Python; set ALMANAC_TEST_ALL=1 to run it';

test('the Python package and this one put and get on the same list', { skip }, async (t) => {
  t.diagnostic('installing hotqueue 0.2.8 and redis by pip into a temporary folder');
  const installed = pythonWith('hotqueue==0.2.8', 'redis');
  if ('skip' in installed) return t.skip(installed.skip);
  after(() => installed.end());
  const store = await startTestRedis();
  after(() => store.end());
  const python = (script: string): string => {
    const head = `import json\nfrom hotqueue import HotQueue\nq = HotQueue('plot', serializer=json, host='127.0.0.1', port=${store.port}, db=1)\n`;
    const { status, output } = installed.run(['-c', head + script]);
    assert.equal(status, 0, output);
    return output;
  };

  const redis = store.connect(1);
  const queue = new ReliableQueue(redis, 'plot');
  for (let i = 0; i < 20; i++) await queue.enqueue(`job-${i}`, '{}');
  assert.equal(
    python('print(len(q), *[q.get() for _ in range(20)])').trim(),
    `20 ${Array.from({ length: 20 }, (_, i) => `job-${i}`).join(' ')}`,
  );

  python("q.put(*['job-%d' % i for i in range(20)]); q.put({'a': 'ünï'}, [], '', 2**60, None)");
  const worker = new Worker({
    redis,
    blocking: store.connect(1),
    queue: 'plot',
    logger: silent,
    blockSeconds: 0.2,
    handle: async () => ({ state: 'complete', note: '{}' }),
  }).start();
  const ids = Array.from({ length: 20 }, (_, i) => `job-${i}`);
  while (!(await queue.get(ids)).every((record) => record?.state === 'complete') || (await queue.lost()) < 5) await sleep(20);
  await worker.stop();
  assert.deepEqual(await redis.lrange(queue.keys.lost, 0, -1), ['{"a": "\\u00fcn\\u00ef"}', '[]', '""', '1152921504606846976', 'null']);

  await new HotQueue(redis, 'plot').put({ x: [1, 'ü'] }, 'text', 0);
  assert.equal(python('print(json.dumps([q.get() for _ in range(4)]))').trim(), '[{"x": [1, "\\u00fc"]}, "text", 0, null]');
});
