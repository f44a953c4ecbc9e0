import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startIngest } from './testing.ts';

const ingest = await startIngest({}, ['--appendonly', 'yes', '--appendfsync', 'always']);
after(() => ingest.close());

const csv = { 'content-type': 'text/csv' };
const OLD = 'id,a\n1,old\n2,old\n';

const storeIs = async (status: number) => {
  for (let i = 0; i < 250; i++) {
    if ((await fetch(`${ingest.url}/readyz`)).status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`the service did not come to ${status}`);
};

test('the store goes away while a body is loaded: 503, and the old data set is there when it is back', async () => {
  assert.equal((await ingest.send('/v1/datasets/x', OLD, csv)).status, 201);
  let row = 0;
  const stream = new ReadableStream({
    async pull(controller) {
      if (row === 150_000) await ingest.store.kill();
      if (row >= 200_000) return controller.close();
      let text = row === 0 ? 'id,a\n' : '';
      for (let i = 0; i < 1000; i++) text += `${row++},${Math.random()}${Math.random()}\n`;
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
