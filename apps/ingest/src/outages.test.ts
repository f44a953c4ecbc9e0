import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startIngest } from './testing.ts';

const rowsOf = (from: number, count: number): string => {
  let text = '';
  for (let row = from; row < from + count; row++) text += `${row},${Math.random()}${Math.random()}\n`;
  return text;
};

const ingest = await startIngest({}, ['--appendonly', 'yes', '--appendfsync', 'always']);
after(() => ingest.close());

const csv = { 'content-type': 'text/csv' };
const OLD = 'id,a\n1,old\n2,old\n';

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 250; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('it did not come to pass within 5 s');
}

const storeIs = (status: number) => until(async () => (await fetch(`${ingest.url}/readyz`)).status === status);

test('a client that goes away leaves the old data set, no staged rows and no error in the log', async () => {
  await ingest.send('/v1/datasets/left', OLD, csv);
  const keys = async () => (await ingest.redis.keys('ds:*{left}*')).sort();
  const before = await keys();
  const { socket } = await ingest.open(
    ['PUT /v1/datasets/left HTTP/1.1', 'content-type: text/csv', 'content-length: 100000000'],
    `id,a\n${rowsOf(0, 150_000)}`,
  );
  await until(async () => (await keys()).length > before.length);
  const logged = ingest.log.length;
  socket.destroy();
  await until(() => ingest.log.slice(logged).some(({ msg, dataset }) => msg === 'load failed' && dataset === 'left'));
  assert.deepEqual(await keys(), before);
  assert.equal((await ingest.records('left')).length, 2);
  assert.deepEqual(
    ingest.log.filter(({ level }) => level !== 'info'),
    [],
  );
});

test('the store goes away while a body is loaded: 503, and the old data set is there when it is back', async () => {
  assert.equal((await ingest.send('/v1/datasets/x', OLD, csv)).status, 201);
  let row = 0;
  const stream = new ReadableStream({
    async pull(controller) {
      if (row === 150_000) await ingest.store.kill();
      if (row >= 200_000) return controller.close();
      const text = (row === 0 ? 'id,a\n' : '') + rowsOf(row, 1000);
      row += 1000;
      controller.enqueue(Buffer.from(text));
    },
  });
  const { status, headers, problem } = await ingest.send('/v1/datasets/x', stream, csv);
  assert.deepEqual([status, problem.type], [503, '/problems/store-unavailable']);
  assert.equal(headers.get('retry-after'), '1');

  const away = await ingest.send('/v1/datasets/x', OLD, csv);
  assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '1']);
  assert.equal((await ingest.send('/v1/datasets/x', null, {}, 'DELETE')).status, 503);
  await storeIs(503);

  await ingest.store.start();
  await storeIs(200);
  assert.deepEqual(await ingest.records('x'), [
    { id: 1, a: 'old' },
    { id: 2, a: 'old' },
  ]);
  assert.equal((await ingest.send('/v1/datasets/x', OLD, csv)).status, 200);
  assert.deepEqual(
    ingest.log.filter(({ level }) => level === 'error' || level === 'fatal'),
    [],
  );
});

test('a store without room for it refuses a load: 507 with both numbers, and keeps what it has', async () => {
  const small = await startIngest({}, ['--maxmemory', '6mb', '--maxmemory-policy', 'noeviction']);
  try {
    assert.equal((await small.send('/v1/datasets/x', OLD, csv)).status, 201);
    const { status, problem } = await small.send('/v1/datasets/x', `id,a\n${rowsOf(0, 300_000)}`, csv);
    assert.deepEqual([status, problem.type], [507, '/problems/store-full']);
    assert.match(problem.detail, /[\d,]{7,}.*[\d,]{7,}/);
    assert.equal((await small.records('x')).length, 2);
    assert.deepEqual(await small.redis.keys('ds:c:{x}:*').then((keys) => keys.length), 1);
  } finally {
    await small.close();
  }
});
