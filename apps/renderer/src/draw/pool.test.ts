import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from '@almanac/job-queue';
import { createLogger } from '@almanac/service';
import { arrowOf, inPieces, requestOf, waves } from '../testing.ts';
import { DrawChild } from './child.ts';
import { DrawPool, type PoolOptions } from './pool.ts';

const logger = createLogger('renderer', 'silent');
const never = new AbortController().signal;
const pools: DrawPool[] = [];
const startPool = async (options: Partial<PoolOptions> = {}): Promise<DrawPool> => {
  const pool = await new DrawPool({ children: 2, deadlineMs: 30_000, heapMb: 128, logger, ...options }).start();
  pools.push(pool);
  return pool;
};
after(() => {
  for (const pool of pools) pool.close();
});
const png = async (pool: DrawPool) => (await pool.run(requestOf(), inPieces(waves(200)), never)).results.png!;

test('children draw side by side, one stays warm, and the pictures are the same from each', async () => {
  const pool = await startPool({ idleMs: 50 });
  assert.equal(pool.alive, 1);
  const drawings = Array.from({ length: 5 }, () => png(pool));
  assert.equal(pool.alive, 2);
  const pictures = await Promise.all(drawings);
  for (const picture of pictures) assert.ok(picture.equals(pictures[0]!));
  while (pool.alive > 1) await sleep(20);
  assert.ok((await png(pool)).equals(pictures[0]!));
});

test('a problem of the drawing is told as it is, and the child lives on', async () => {
  const pool = await startPool({ children: 1 });
  const wrong = pool.run(requestOf({ params: { x: 'x', y: 'yy' } }), inPieces(waves(20)), never);
  await assert.rejects(wrong, { type: 'unknown-column', message: /did you mean 'y'/ });
  await assert.rejects(pool.run(requestOf(), inPieces(Buffer.from('no arrow at all, but some bytes')), never), Error);
  assert.ok((await png(pool)).length > 1000);
});

test('a drawing over its deadline is ended, with the limit in the message; the next one is drawn', async () => {
  const pool = await startPool({ children: 1, deadlineMs: 30 });
  const late = pool.run(requestOf({ params: { x: 'x', y: 'y', size: 'x', color: 'y' } }), inPieces(waves(1_000_000)), never);
  await assert.rejects(late, { type: 'job-failed', message: /longer than the limit of 0.03 s/ });
  while (pool.alive === 0) await sleep(10);
  const patient = await startPool({ children: 1 });
  assert.ok((await png(patient)).length > 1000);
});

test('a drawing that needs more heap than it may have fails alone, and the message says so', async () => {
  const pool = await startPool({ children: 1, heapMb: 40 });
  const names = Array.from({ length: 300_000 }, (_, i) => `a name that nobody else has, number ${i}`);
  const greedy = pool.run(requestOf({ type: 'bar', params: { x: 'name' } }), inPieces(arrowOf({ name: names })), never);
  await assert.rejects(greedy, { type: 'job-failed', message: /more memory than the limit of 40 MB/ });
  assert.ok((await png(pool)).length > 1000);
});

test('a child that is killed takes its drawing with it and nothing else', async () => {
  const child = new DrawChild({ heapMb: 128, deadlineMs: 30_000 });
  await child.ready();
  const begun = Promise.withResolvers<void>();
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield waves(10).subarray(0, 8);
    begun.resolve();
    await new Promise(() => {});
  }
  const drawing = child.run(requestOf(), endless(), never);
  await begun.promise;
  process.kill(child.pid!, 'SIGKILL');
  await assert.rejects(drawing, (error) => error instanceof Interrupted && /from outside \(SIGKILL\)/.test(error.message));
  assert.equal(child.isAlive, false);
  await assert.rejects(child.run(requestOf(), inPieces(waves(5)), never), { type: 'job-failed' });
});

test('aborting ends a drawing at once, and another child takes its place', async () => {
  const pool = await startPool({ children: 1 });
  const stop = new AbortController();
  const drawing = pool.run(requestOf(), inPieces(waves(500_000)), stop.signal, () => stop.abort(new Error('cancelled')));
  await assert.rejects(drawing, /cancelled/);
  assert.equal(pool.alive, 1);
  assert.ok((await png(pool)).length > 1000);
});

test('who is cancelled while a child is still starting is let go before it is there, and the next gets that child', async () => {
  const program = new URL('fixtures/slow-start.ts', import.meta.url).pathname;
  const pool = await startPool({ children: 2, program });
  const first = pool.run(requestOf(), inPieces(waves(20)), never);
  const cancelled = new AbortController();
  const second = pool.run(requestOf(), inPieces(waves(20)), cancelled.signal);
  assert.equal(pool.alive, 2);
  cancelled.abort(new Error('not wanted any more'));
  let isStarted = false;
  const third = png(pool).then(() => {
    isStarted = true;
  });
  await assert.rejects(second, /not wanted any more/);
  assert.equal(isStarted, false);
  await Promise.all([first, third]);
  assert.equal(pool.alive, 2);
});

test('rows that break off leave a child that can draw', async () => {
  const pool = await startPool({ children: 1 });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield waves(100).subarray(0, 50);
    throw new Error('the connection was lost');
  }
  await assert.rejects(pool.run(requestOf(), broken(), never), /connection was lost/);
  assert.ok((await png(pool)).length > 1000);
});

test('a program that cannot draw keeps the pool from starting', async () => {
  const program = new URL('fixtures/unfit.ts', import.meta.url).pathname;
  await assert.rejects(startPool({ program }), /the font is blank/);
});

test('a drawing that takes more memory than it may is ended with limit and value, and the next one is drawn', async () => {
  const reasons: string[] = [];
  const program = new URL('fixtures/greedy.ts', import.meta.url).pathname;
  const child = new DrawChild({ heapMb: 128, deadlineMs: 30_000, childMb: 250, program, onEnd: (reason) => reasons.push(reason) });
  await child.ready();
  await assert.rejects(child.run(requestOf(), inPieces(waves(20)), never), {
    type: 'job-failed',
    message: /needed \d+ MB of memory, the limit is 250 MB/,
  });
  assert.deepEqual(reasons, ['memory']);
});

test('rows that do not fit beside the picture are refused while they arrive, and the child lives on', async () => {
  const pool = await startPool({ children: 1, childMb: 440 });
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; sent < 1000; sent++) yield new Uint8Array(1_000_000);
  }
  const large = requestOf({ picture: { width: 4000, height: 4000 } });
  await assert.rejects(pool.run(large, endless(), never), { type: 'job-failed', message: /the limit is 4,250,000 bytes/ });
  assert.ok(sent < 20, `${sent} pieces were read`);
  await assert.rejects(pool.run({ process: 'statistics', params: undefined, records: undefined, pixels: 0 }, endless(), never), {
    message: /the limit is 76,250,000 bytes/,
  });
  assert.ok((await png(pool)).length > 1000);
});

test('why processes end is counted: killed from outside, full heap, deadline; not those that are not needed', async () => {
  const reasons: string[] = [];
  const pool = await startPool({ children: 1, heapMb: 40, deadlineMs: 200, onEnd: (reason) => reasons.push(reason) });
  const stop = new AbortController();
  await assert.rejects(
    pool.run(requestOf(), inPieces(waves(300_000)), stop.signal, () => stop.abort(new Error('cancelled'))),
    /cancelled/,
  );
  const late = pool.run(requestOf({ params: { x: 'x', y: 'y', size: 'x', color: 'y' } }), inPieces(waves(900_000)), never);
  await assert.rejects(late, /longer than the limit of 0.2 s|more memory/);
  pool.close();
  await sleep(100);
  assert.equal(reasons.length, 1, reasons.join());
});
