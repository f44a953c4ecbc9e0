import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTerminal, type Job } from '@almanac/domain';
import { JobQueue } from '@almanac/job-queue';
import { processes } from '@almanac/processes';
import { createLogger, storeCheck } from '@almanac/service';
import { ResultStore } from '@almanac/store';
import { startTestRedis } from '@almanac/testkit';
import { buildApp } from './app.ts';
import { Counts } from './counts.ts';
import { DrawPool } from './draw/pool.ts';
import { handlers } from './processes/registry.ts';
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
let [full, kills] = [0, 0];
let count = '120';
const asked: string[] = [];
// Stands in for query, which has its own tests; the whole chain is walked by the acceptance suite.
const query = await startStandIn((request, response) => {
  asked.push(request.url!);
  if (request.url!.includes('/gone/'))
    response.writeHead(410).end(JSON.stringify({ type: '/problems/gone', detail: 'Version 3 is gone.' }));
  else if (request.url!.includes('/slow/')) response.writeHead(200).write(stones.subarray(0, 100));
  else if (request.url!.includes('/full/') && full-- > 0)
    response.writeHead(503, { 'retry-after': '1' }).end('{"detail":"Too many searches."}');
  else if (request.url!.includes('/long/')) response.writeHead(431).end();
  else if (request.url!.includes('/victim/') && kills-- > 0) {
    response.writeHead(200).write(stones.subarray(0, 100));
    const killer = setInterval(() => void killDrawing(), 100);
    response.on('close', () => clearInterval(killer));
  } else if (refusals-- > 0) response.writeHead(503).end('{}');
  else response.writeHead(200, { 'almanac-records': count }).end(stones);
});
/** As the kernel does to free memory: no words, no chance. */
async function killDrawing(): Promise<void> {
  const children = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim().split(' ');
  for (const pid of children) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('draw-child')) process.kill(Number(pid), 'SIGKILL');
  }
}
const client = new QueryClient(query.url);
const counts = new Counts();
const pool = await new DrawPool({ children: 1, deadlineMs: 30_000, heapMb: 128, logger, onEnd: counts.childEnded }).start();
const redis = store.connect(1);
const results = new ResultStore(store.connect(2));
const queue = new JobQueue(redis, { queue: 'plot' });
const tools = { query: client, pool, results };
const worker = createWorker({ redis, blocking: store.connect(1), tools, concurrency: 1, logger, counts, blockSeconds: 0.1 });
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
  const keys = (await store.connect(2).keys(`result:${job.id}:*`)).filter((key) => !key.endsWith(':sha256'));
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
  assert.match(typeless.problem!.detail, /no known plot type/);
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

test('a drawing whose process is killed from outside is tried again like that of a lost worker, and given up after four', async () => {
  kills = 1;
  const once = await drawn(inputs, 'victim');
  assert.deepEqual([once.status, once.attempts.map(({ outcome }) => outcome)], ['complete', ['lost', 'complete']]);
  assert.match(once.attempts[0]!.message!, /from outside \(SIGKILL\)/);
  kills = 99;
  const always = await drawn(inputs, 'victim', ['png']);
  kills = 0;
  assert.deepEqual([always.status, always.attempts.length], ['failed', 4]);
  assert.match(always.problem!.detail, /its machine or container has no memory left/);
  assert.doesNotMatch(always.problem!.detail, /smaller picture/);
  assert.ok(counts.ended.get('killed')! >= 5);
  assert.equal(counts.givenBack.get('killed'), 5);
});

test('a job that query has no room for gives its place back: others are drawn meanwhile', async () => {
  full = 3;
  const waiting = drawn(inputs, 'full');
  while (full === 3) await sleep(5);
  const other = await drawn();
  assert.equal(other.status, 'complete', JSON.stringify([other.problem, other.attempts]));
  const job = await waiting;
  assert.ok(other.finished! < job.finished!, `${other.finished} before ${job.finished}`);
  assert.deepEqual([job.status, job.attempts.length], ['complete', 1]);
  assert.equal(counts.givenBack.get('service')! >= 3, true);
});

test('what query refuses for good fails at once, and is asked once', async () => {
  const before = asked.filter((url) => url.includes('/long/')).length;
  const job = await drawn(inputs, 'long');
  assert.deepEqual([job.status, job.attempts.length], ['failed', 1]);
  assert.match(job.problem!.detail, /status 431/);
  assert.equal(asked.filter((url) => url.includes('/long/')).length, before + 1);
});

test('a job that an earlier version accepted is checked again: pixels, and parameters beyond their bounds', async () => {
  const large = await drawn({ ...inputs, width: 4096, height: 4096, scale: 3 });
  assert.match(large.problem!.detail, /150,994,944 pixels, the limit is 16,000,000 pixels/);
  const many = await drawn({ type: 'histogram', x: 'year', bins: 1e9 });
  assert.deepEqual([many.status, many.problem!.type], ['failed', '/problems/invalid-body']);
});

test('every process of the plot queue is worked here', () => {
  const ours = Object.values(processes).filter((process) => process.queue === 'plot');
  assert.deepEqual(Object.keys(handlers).sort(), ours.map(({ id }) => id).sort());
});

test('health tells of the stores and of drawing; numbers are there to be read', async (t) => {
  const app = await buildApp({
    pool,
    counts,
    checks: { queue: storeCheck(redis) },
    neighbours: { query: () => Promise.reject(new Error('away')) },
  });
  t.after(() => app.close());
  const ready = await app.inject('/readyz');
  assert.deepEqual([ready.statusCode, ready.json().checks.drawing.status, ready.json().checks.query.status], [200, 'pass', 'warn']);
  const { body } = await app.inject('/metrics');
  assert.match(body, /renderer_drawing_processes\{service="renderer"\} 1/);
  assert.match(body, /renderer_drawing_processes_ended_total\{reason="killed",service="renderer"\} \d+/);
  assert.match(body, /renderer_jobs_given_back_total\{reason="service",service="renderer"\} \d/);
});
