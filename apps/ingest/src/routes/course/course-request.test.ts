import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startIngest, type TestIngest } from '../../testing.ts';

let ingest: TestIngest;
before(async () => {
  ingest = await startIngest({ stallSeconds: 0.3 });
});
after(() => ingest.close());

/** Sent in chunks, each after a moment: nothing tells beforehand how much will come. */
async function postInChunks(chunks: readonly string[], path = '/data?dataset=degrees'): Promise<string> {
  const { socket, ended } = await ingest.open([`POST ${path} HTTP/1.1`, 'transfer-encoding: chunked', 'connection: close']);
  for (const chunk of [...chunks, '']) {
    await sleep(50);
    socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  return ended;
}
const loaded = /^HTTP\/1\.1 200 .*\r\n\r\nData loaded\n$/s;
const years = async () => (await ingest.records('degrees')).map(({ year }) => year);

test('a chunked body without a byte is no body', async () => {
  assert.match(await postInChunks([]), loaded);
  assert.deepEqual(await years(), [1990, 1991, 1992, 1993, 1994]);
  assert.match(await postInChunks([], '/mars/sites'), /^HTTP\/1\.1 200 /);
});

test('a chunked body with records is taken whole', async () => {
  assert.match(await postInChunks(['[{"id":0,"year":2001,', '"degrees":7}]']), loaded);
  assert.deepEqual(await years(), [2001]);
  assert.match(await postInChunks([`[{"id":0,"year":2002,"degrees":7}${' '.repeat(300_000)}]`]), loaded);
  assert.deepEqual(await years(), [2002]);
});

test('an empty object stands for no body: it is no record, and takes no record’s place', async () => {
  const { socket, ended } = await ingest.open(['POST /data?dataset=degrees HTTP/1.1', 'content-length: 2', 'connection: close']);
  await sleep(50);
  socket.write('{}');
  assert.match(await ended, loaded);
  assert.deepEqual(await years(), [1990, 1991, 1992, 1993, 1994]);
  const list = await ingest.open(['POST /data?dataset=degrees HTTP/1.1', 'content-length: 2', 'connection: close']);
  list.socket.write('[]');
  assert.doesNotMatch(await list.ended, /^HTTP\/1\.1 5/);
});

test('a chunked body that never begins is a stalled one', async () => {
  const { ended } = await ingest.open(['POST /data?dataset=degrees HTTP/1.1', 'transfer-encoding: chunked']);
  assert.match(await ended, /^HTTP\/1\.1 408 /);
});
