import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { loadLimits } from '@almanac/domain';
import { startTestRedis } from '@almanac/testkit';
import { encodeChunk } from './codec.ts';
import { KeyTable } from './key-table.ts';
import { StagedGeneration } from './staged-generation.ts';

const MB = 1 << 20;
const row = () => JSON.stringify({ a: randomBytes(6000).toString('base64') });
const store = await startTestRedis();
const redis = store.connect();
after(() => store.end());

test('keys that are made to have equal hashes are refused before each is compared with all others', async (t) => {
  t.mock.method(KeyTable.prototype, 'hashOf', () => 7);
  const staged = new StagedGeneration(redis, 'flood', { key: 'k' });
  const add = async () => {
    for (let i = 0; i < 2000; i++) await staged.add(`{"k":${i}}`, String(i));
  };
  await assert.rejects(add(), (error: { type: string; extra: { limit: number; value: number } }) => {
    assert.equal(error.type, 'malformed-data');
    assert.equal(error.extra.limit, loadLimits.keyCollisions.value);
    return error.extra.value > error.extra.limit;
  });
  await staged.discard();
});

test('a small chunk keeps no more memory than it has bytes', () => {
  const { blob } = encodeChunk(Array.from({ length: 256 }, () => '{"a":1}'));
  assert.equal(blob.buffer.byteLength, blob.length);
});

test('a load of unknown length ends with 507 before it fills the store for others', async (t) => {
  const small = await startTestRedis(['--maxmemory', '60mb', '--maxmemory-policy', 'noeviction']);
  t.after(() => small.end());
  const client = small.connect();
  const staged = new StagedGeneration(client, 'large');
  const write = async () => {
    for (let i = 0; i < 15_000; i++) await staged.add(row());
  };
  await assert.rejects(write(), { type: 'store-full' });
  const used = Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
  assert.ok(used < 56 * MB, `${used}`);
  await staged.discard();
  await client.set('another', 'x'.repeat(MB));
});

test('what a running load is expected to write yet is not given to another', async (t) => {
  const small = await startTestRedis(['--maxmemory', '60mb', '--maxmemory-policy', 'noeviction']);
  t.after(() => small.end());
  const client = small.connect();
  const begin = async (id: string) => {
    const staged = new StagedGeneration(client, id, { sourceBytes: 42 * MB });
    let source = 0;
    for (let i = 0; i < 220; i++) {
      source += 8000;
      staged.seen(source);
      await staged.add(row());
    }
    return staged;
  };
  const first = await begin('one');
  await assert.rejects(begin('two'), { type: 'store-full' });
  await first.discard();
  await (await begin('three')).discard();
});

test('every key of a large table is found in its bucket', () => {
  const table = new KeyTable(7);
  for (let i = 0; i < 100_000; i++) table.add(table.hashOf(String(i)), i);
  const count = KeyTable.bucketsFor(100_000);
  const seen = new Set<number>();
  for (const some of table.buckets(count)) {
    for (const [bucket, pairs] of some) {
      for (let at = 0; at < pairs.length; at += 8) {
        assert.equal(pairs.readUInt32LE(at) & (count - 1), bucket);
        assert.equal(pairs.readUInt32LE(at), table.hashOf(String(pairs.readUInt32LE(at + 4))));
        seen.add(pairs.readUInt32LE(at + 4));
      }
    }
  }
  assert.deepEqual([seen.size, count], [100_000, 512]);
  table.release();
});
