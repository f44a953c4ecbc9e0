import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@almanac/domain';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { DatasetReader } from './dataset-reader.ts';
import { deleteDataset } from './delete-dataset.ts';
import { sizeOf } from './kept.ts';
import { type Held, ReadMemory } from './read-memory.ts';
import { load, makeRows } from './testing.ts';

let store: TestRedis;
let redis: Redis;
before(async () => {
  store = await startTestRedis();
  redis = store.connect(0);
});
after(() => store.end());

const random = (rows: number) => Array.from({ length: rows }, (_, id) => `{"id":${id},"text":"${randomBytes(400).toString('hex')}"}`);

class Thing implements Held {
  isUsed = false;
  isClosed = false;
  wasUsed(): boolean {
    const used = this.isUsed;
    this.isUsed = false;
    return used;
  }
  close(): void {
    this.isClosed = true;
  }
}

test('what was not used goes first, what a reader holds stays counted until it is done', () => {
  const memory = new ReadMemory(100);
  const [first, second, third] = [new Thing(), new Thing(), new Thing()];
  memory.add(first, 40);
  memory.add(second, 40);
  first.isUsed = true;
  memory.add(third, 40);
  assert.deepEqual([first.isClosed, second.isClosed, third.isClosed, memory.bytes], [false, true, false, 80]);
  memory.pin(third, 40);
  memory.drop(third);
  assert.equal(memory.bytes, 80);
  assert.throws(
    () => memory.reserve(70),
    (error) => error instanceof ProblemError && error.status === 503,
  );
  memory.unpin(third);
  const room = memory.reserve(70);
  assert.deepEqual([memory.bytes, first.isClosed], [70, true]);
  room.release();
  assert.equal(memory.bytes, 0);
});

test('one thing larger than the budget is kept on top of it, a second one replaces it unless it is read', () => {
  const memory = new ReadMemory(100);
  const [small, large, other] = [new Thing(), new Thing(), new Thing()];
  memory.add(small, 50);
  memory.reserve(500).release();
  memory.add(large, 500);
  assert.deepEqual([small.isClosed, large.isClosed, memory.bytes], [false, false, 550]);
  memory.pin(large, 500);
  assert.throws(() => memory.reserve(400), { status: 503 });
  memory.reserve(50).release();
  memory.unpin(large);
  memory.reserve(400).release();
  memory.add(other, 400);
  assert.deepEqual([large.isClosed, other.isClosed], [true, false]);
});

test('what nobody reads ages away', () => {
  const memory = new ReadMemory(1000);
  const [read, unread] = [new Thing(), new Thing()];
  memory.add(read, 10);
  memory.add(unread, 10);
  for (let look = 0; look < 3; look++) {
    read.isUsed = true;
    memory.age();
  }
  assert.deepEqual([read.isClosed, unread.isClosed, memory.bytes], [false, true, 10]);
});

test('copies, opened rows and what was computed share one budget', async () => {
  const reader = new DatasetReader(redis, { cacheBytes: 4 << 20 });
  for (let i = 0; i < 12; i++) {
    await load(redis, `set${i}`, random(1_000));
    const copy = await reader.get(`set${i}`);
    for (const { count } of copy.all()) assert.ok(count > 0);
    copy.memoize('list', () => makeRows(2_000, 100));
    assert.ok(reader.memory.bytes <= 4 << 20, `${reader.memory.bytes} bytes`);
  }
  assert.ok(reader.memory.bytes > 2 << 20);
});

test('a set larger than the budget is read all the same', async () => {
  const rows = random(4_000);
  await load(redis, 'huge', rows);
  const reader = new DatasetReader(redis, { cacheBytes: 1 << 18 });
  for (let pass = 0; pass < 2; pass++) {
    const copy = await reader.get('huge');
    assert.equal([...copy.all()].map(({ rows: raw }) => raw.toString()).join(',\n'), rows.join(',\n'));
    assert.equal(copy.byKey('3999')?.toString(), rows[3_999]);
  }
});

test('deleted and replaced sets leave memory without being asked for; a reader in progress reads on', async () => {
  const reader = new DatasetReader(redis, { cacheBytes: 64 << 20 });
  const rows = random(2_000);
  await load(redis, 'going', rows);
  await load(redis, 'changing', rows);
  const [going, changing] = [await reader.get('going'), await reader.get('changing')];
  const reading = going.all();
  assert.equal(reading.next().done, false);
  for (const { count } of changing.all()) assert.ok(count > 0);
  const held = reader.memory.bytes;
  assert.ok(held > 3 << 20, `${held} bytes`);
  going.retain();
  await deleteDataset(redis, 'going');
  await load(redis, 'changing', makeRows(1));
  for (const until = Date.now() + 20_000; reader.memory.bytes > going.bytes && Date.now() < until; ) await sleep(100);
  assert.equal(reader.memory.bytes, going.bytes);
  let count = 0;
  for (const { rows: raw } of reading) count += raw.length;
  assert.ok(count > 1 << 20);
  going.release();
  assert.equal(reader.memory.bytes, 0);
});

test('small sets do not hold the buffers they were received in', async () => {
  const reader = new DatasetReader(redis, { cacheBytes: 64 << 20 });
  for (let i = 0; i < 100; i++) await load(redis, `small${i}`, makeRows(3));
  const blobs = await Promise.all(Array.from({ length: 100 }, async (_, i) => (await reader.get(`small${i}`)).page(0, 1)[0] as Buffer));
  const bytes = new Set(blobs.map((blob) => blob.buffer));
  assert.ok([...bytes].reduce((sum, { byteLength }) => sum + byteLength, 0) < 1 << 20);
});

test('sizes of what is kept are estimated well enough', () => {
  assert.ok(Math.abs(sizeOf(Array.from({ length: 10_000 }, () => 'x'.repeat(50))) / (10_000 * 132) - 1) < 0.1);
  assert.equal(sizeOf(Buffer.alloc(1_000)), 1_016);
  assert.ok(sizeOf({ a: new Float64Array(100), b: 'x' }) > 800);
});
