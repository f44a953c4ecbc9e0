import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTerminal, type Job } from '@almanac/domain';
import { JobQueue } from '@almanac/job-queue';
import { processes } from '@almanac/processes';
import { createLogger, storeCheck } from '@almanac/service';
import { ResultStore } from '@almanac/store';
import { startTestRedis } from '@almanac/testkit';
import { buildApp } from './app.ts';
import { DrawPool } from './draw/pool.ts';
import { works } from './processes/index.ts';
import { QueryClient } from './query-client.ts';
import { arrowOf, startStandIn } from './testing.ts';
import { createWorker } from './worker.ts';

const logger = createLogger('renderer', 'silent');
const store = await startTestRedis();
const stones = arrowOf(
  { year: Float64Array.from({ length: 120 }, (_, i) => 1900 + i), 'mass (g)': Float64Array.from({ length: 120 }, (_, i) => (i * i) % 997) },
  { 'mass (g)': { title: 'mass', unit: 'g' } },
);
let refusals = 0;
let count = '120';
const asked: string[] = [];
// Stands in for query, which has its own tests; the whole chain is walked by the acceptance suite.
const query = await startStandIn((request, response) => {
  asked.push(request.url!);
  if (request.url!.includes('/gone/'))
    response.writeHead(410).end(JSON.stringify({ type: '/problems/gone', detail: 'Version 3 is gone.' }));
  else if (request.url!.includes('/slow/')) response.writeHead(200).write(stones.subarray(0, 100));
  else if (refusals-- > 0) response.writeHead(503).end('{}');
  else response.writeHead(200, { 'almanac-records': count }).end(stones);
});
const client = new QueryClient(query.url);
const pool = await new DrawPool({ children: 1, deadlineMs: 30_000, heapMb: 128, logger }).start();
const redis = store.connect(1);
const results = new ResultStore(store.connect(2));
const queue = new JobQueue(redis, { queue: 'plot' });
const tools = { query: client, pool, results };
const worker = createWorker({ redis, blocking: store.connect(1), tools, concurrency: 1, logger, blockSeconds: 0.1 });
worker.start();
after(async () => {
  await worker.stop(100);
  pool.close();
  await client.close();
  await query.end();
  await store.end();
});

const inputs = { type: 'scatter', x: 'year', y: 'mass (g)', where: { year: { gte: 1990 } }, width: 500, height: 300, title: 'Stones' };
async function drawn(
  given: Record<string, unknown> = inputs,
  dataset = 'stones',
  outputs = ['png', 'svg'],
  process = 'plot',
): Promise<Job> {
  const id = randomUUID();
  await queue.submit({
    id,
    process,
    inputs: given,
    outputs,
    dataset: { id: dataset, version: '3-0123456789abcdef', digest: 'd'.repeat(64) },
    requestId: 'request-9',
  });
  for (;;) {
    const job = await queue.get(id);
    if (job !== undefined && isTerminal(job.status)) return job;
    await sleep(20);
  }
}
/** The result as jobs reads it: under the token that the record names. */
async function resultsOf(job: Job): Promise<Record<string, Buffer>> {
  const keys = await store.connect(2).keys(`result:${job.id}:*`);
  const read = keys.map(async (key) => {
    const [, token, name] = /^result:[^:]+:(.+):(\w+)$/.exec(key) as unknown as [string, string, string];
    return [name, (await results.read(job.id, token, name))!] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

test('from the queue to the results: rows asked for, drawn, saved, told', async () => {
  const job = await drawn();
  assert.equal(job.status, 'complete', JSON.stringify(job.problem));
  assert.match(
    asked.at(-1)!,
    /\/v1\/datasets\/stones\/records\?f=arrow&fields=year%2Cmass%20\(g\)&limit=all&version=3-0123456789abcdef&field\.year%5Bgte%5D=1990/,
  );
  assert.match(job.description!, /^Scatter plot of mass \(g\) against year, 120 points/);
  const { png, svg } = await resultsOf(job);
  assert.deepEqual([job.results.png!.bytes, job.results.svg!.bytes, job.results.svg!.type], [png!.length, svg!.length, 'image/svg+xml']);
  // Width and height lie at bytes 16 and 20 of every PNG.
  assert.deepEqual([png!.readUInt32BE(16), png!.readUInt32BE(20)], [500, 300]);
  assert.match(svg!.toString(), />mass \(g\)<\/text>/);
});

test('the same job is drawn the same, to the byte, and only what was asked for', async () => {
  const [first, second, only] = [await drawn(), await drawn(), await drawn(inputs, 'stones', ['svg'])];
  const [a, b] = [await resultsOf(first), await resultsOf(second)];
  assert.ok(a.png!.equals(b.png!) && a.svg!.equals(b.svg!));
  assert.deepEqual(Object.keys(await resultsOf(only)), ['svg']);
});

test('query that is away for a moment is waited for; a version that is gone is the job’s problem', async () => {
  refusals = 2;
  assert.equal((await drawn()).status, 'complete');
  assert.equal(refusals, -1);
  const gone = await drawn(inputs, 'gone');
  assert.deepEqual([gone.status, gone.problem!.status, gone.problem!.detail], ['failed', 410, 'Version 3 is gone.']);
});

test('a job that cannot be drawn says why', async () => {
  const wrong = await drawn({ ...inputs, y: 'mass' });
  assert.deepEqual([wrong.status, wrong.problem!.type], ['failed', '/problems/unknown-column']);
  const typeless = await drawn({ x: 'year' });
  assert.match(typeless.problem!.detail, /no plot type/);
});

test('part of the rows is never drawn as if it were all', async () => {
  count = '121';
  setTimeout(() => {
    count = '120';
  }, 300);
  const job = await drawn();
  assert.equal(job.status, 'complete', 'it was asked again until all came');
});

test('statistics are numbers of the columns asked for, as a result and in the record', async () => {
  const job = await drawn({ columns: ['year', 'mass (g)'], where: { year: { gte: 1900 } } }, 'stones', ['json'], 'statistics');
  assert.equal(job.status, 'complete', JSON.stringify(job.problem));
  const { json } = await resultsOf(job);
  const said = JSON.parse(json!.toString());
  assert.deepEqual(said.statistics, job.statistics);
  assert.deepEqual(said.statistics.year, {
    count: 120,
    missing: 0,
    min: 1900,
    max: 2019,
    mean: 1959.5,
    standardDeviation: 34.785054261852174,
  });
  assert.deepEqual([said.dataset.id, said.where, job.results.json?.bytes], ['stones', { year: { gte: 1900 } }, json!.length]);
});

test('a cancelled drawing ends at once, its child with it, and the next is drawn', async () => {
  const id = randomUUID();
  const dataset = { id: 'slow', version: '3-0123456789abcdef', digest: 'd'.repeat(64) };
  await queue.submit({ id, process: 'plot', inputs, outputs: ['png'], dataset, requestId: 'request-9' });
  while ((await queue.get(id))?.status !== 'in progress') await sleep(5);
  const asked = performance.now();
  await queue.cancel(id);
  assert.equal((await queue.waitFor(id, 5000))?.status, 'cancelled');
  assert.ok(performance.now() - asked < 700);
  assert.equal((await drawn()).status, 'complete');
});

test('every process of the plot queue is worked here', () => {
  const ours = Object.values(processes).filter((process) => process.queue === 'plot');
  assert.deepEqual(Object.keys(works).sort(), ours.map(({ id }) => id).sort());
});

test('health tells of the stores and of drawing; numbers are there to be read', async (t) => {
  const app = await buildApp({
    pool,
    checks: { queue: storeCheck(redis) },
    neighbours: { query: () => Promise.reject(new Error('away')) },
  });
  t.after(() => app.close());
  const ready = await app.inject('/readyz');
  assert.deepEqual([ready.statusCode, ready.json().checks.drawing.status, ready.json().checks.query.status], [200, 'pass', 'warn']);
  assert.match((await app.inject('/metrics')).body, /renderer_drawing_processes\{service="renderer"\} 1/);
});
