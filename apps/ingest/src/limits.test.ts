import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadLimits } from '@almanac/domain';
import { readManifest } from '@almanac/store';
import { startIngest } from './testing.ts';

const ingest = await startIngest({ stallSeconds: 1 });
after(() => ingest.close());

const csv = { 'content-type': 'text/csv' };
const gzip = { ...csv, 'content-encoding': 'gzip' };
const lines = { 'content-type': 'application/x-ndjson' };

interface Exceeded {
  type: string;
  detail: string;
  limit?: number;
  value?: number;
}

async function refused(path: string, body: string | Uint8Array | ReadableStream, headers: Record<string, string>): Promise<Exceeded> {
  const { status, problem } = await ingest.send(path, body, headers);
  const exceeded = problem as unknown as Exceeded;
  assert.ok(status >= 400 && status < 500, `${status}: ${exceeded.detail}`);
  assert.ok((exceeded.value as number) > (exceeded.limit as number), exceeded.detail);
  return exceeded;
}

test('an archive may expand so much and no more, whatever it is packed in', async () => {
  const bomb = await refused('/v1/datasets/bomb', gzipSync(`a\n${'1\n'.repeat(4_000_000)}`), gzip);
  assert.deepEqual([bomb.type, bomb.limit], ['/problems/body-too-large', loadLimits.expansion.value]);
  const nested = await refused('/v1/datasets/bomb', gzipSync(gzipSync(`a\n${'1\n'.repeat(32_000_000)}`)), gzip);
  assert.deepEqual([nested.limit, nested.value], [1, 2]);
  const asFile = await refused('/v1/datasets/bomb', gzipSync(gzipSync('a\n1\n')), { 'content-type': 'application/gzip' });
  assert.match(asFile.detail, /gzip inside gzip: 2 layers, the limit is 1 layers\. Send the file as it is/);
  const members = Buffer.concat([gzipSync('id,a\n1,2\n'), gzipSync('2,3\n'), gzipSync('3,4\n')]);
  assert.equal((await ingest.send('/v1/datasets/members', members, gzip)).report.rows, 3);
  const small = gzipSync(`a,b\n${'1,2\n'.repeat(200_000)}`);
  assert.equal((await ingest.send('/v1/datasets/regular', small, gzip)).report.rows, 200_000);
});

test('a load ends after so many rejects, and the error names the first', async () => {
  const { limit, value, detail } = await refused('/v1/datasets/wrong', `{"a":1}\n${'x\n'.repeat(50_000)}`, lines);
  assert.deepEqual([limit, value], [loadLimits.rejects.value, loadLimits.rejects.value + 1]);
  assert.match(detail, /the first: row 2 is not JSON.*; row 3 .*; row 4 /);
  assert.equal(await readManifest(ingest.redis, 'wrong'), undefined);
});

test('rejects that are kept are bounded in bytes', async () => {
  const body = `a,b\n1,2\n${`${'x'.repeat(3000)}\n`.repeat(5000)}`;
  const { report } = await ingest.send('/v1/datasets/rejected', body, csv);
  assert.deepEqual([report.rows, report.rejected], [1, 5000]);
  assert.equal(report.rejects[0]?.raw.length, 2000);
});

test('rows that repeat the key of a long row cost no more than others', async () => {
  const before = process.threadCpuUsage().user;
  const body = `k,b\n1,${'x'.repeat(1_900_000)}\n${'1,2\n'.repeat(9000)}`;
  const { report } = await ingest.send('/v1/datasets/repeated?key=k', body, csv);
  assert.deepEqual([report.rows, report.rejected], [1, 9000]);
  const interleaved = `k,b\n${Array.from({ length: 2000 }, (_, i) => `${i},${'y'.repeat(200)}\n${i},${'z'.repeat(70_000 * Number(i % 100 === 0))}\n`).join('')}`;
  const second = await ingest.send('/v1/datasets/repeated?key=k', interleaved, csv);
  assert.deepEqual([second.report.rows, second.report.rejected], [2000, 2000]);
  assert.ok((process.threadCpuUsage().user - before) / 1000 < 6000);
});

test('a body that drips is given up, one that is slow but comes is not', async () => {
  const head = (id: string) => [`PUT /v1/datasets/${id} HTTP/1.1`, 'content-type: text/csv', 'content-length: 100000'];
  const { socket, ended } = await ingest.open(head('drip'), 'id,a\n');
  const dripping = setInterval(() => socket.write('1'), 200);
  const answer = await ended.finally(() => clearInterval(dripping));
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.match(answer, /arrived too slowly, measured per second over 1 s: \d+ bytes, the limit is 1,024 bytes/);
  const slow = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      sent++ < 6 ? controller.enqueue(Buffer.from(sent === 1 ? `id,a\n` : `${sent},${'x'.repeat(2000)}\n`)) : controller.close();
    },
  });
  let sent = 0;
  assert.equal((await ingest.send('/v1/datasets/slow', slow, csv)).status, 201);
});

test('as many loads run at once as there are places; the others wait, then are told to retry', async () => {
  const stopped: (() => void)[] = [];
  for (let i = 0; i < loadLimits.loadsAtOnce.value; i++) {
    const { socket } = await ingest.open(
      [`PUT /v1/datasets/p${i} HTTP/1.1`, 'content-type: text/csv', 'content-length: 9000000'],
      'id,a\n',
    );
    const fed = setInterval(() => socket.write(`${'1,x\n'.repeat(500)}`), 100);
    stopped.push(() => {
      clearInterval(fed);
      socket.destroy();
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { status, headers, problem } = await ingest.send('/v1/datasets/waiting', 'id\n1\n', csv);
  assert.deepEqual([status, problem.type, headers.get('retry-after')], [503, '/problems/unavailable', '5']);
  assert.match(problem.detail, /17 loads, the limit is 16 loads at once/);
  const waiting = ingest.send('/v1/datasets/waiting', 'id\n1\n', csv);
  stopped[0]?.();
  assert.equal((await waiting).status, 201);
  for (const stop of stopped.slice(1)) stop();
});

test('a wide set is stored with little text about its columns', async () => {
  const header = Array.from({ length: 4096 }, (_, i) => `measured_value_${i}`).join(',');
  const row = Array.from({ length: 4096 }, (_, i) => `some text of a cell ${i} ${'z'.repeat(150)}`).join(',');
  const { status, report, problem } = await ingest.send('/v1/datasets/wide', `${header}\n${row}\n`, csv);
  assert.equal(status, 201, problem.detail);
  assert.equal(report.columns.length, 4096);
  const stored = await ingest.redis.hmget('ds:m:{wide}', 'schema', 'evidence');
  const bytes = stored.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  assert.ok(bytes <= loadLimits.schemaBytes.value, `${bytes}`);
});
