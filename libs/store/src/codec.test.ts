import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeChunk, encodeChunk, isPresent, liveOf, rankOf, SLOTS, slotsOf } from './codec.ts';
import { keyHash } from './key-hash.ts';
import { KeyTable, ordinalsIn } from './key-table.ts';
import { rowView, typedToken } from './typed-rows.ts';

test('what goes into a chunk comes out of it, holes and odd rows too', () => {
  const rows = ['{"a":1.50}', null, '{"b":"},\\n{"}', '{"c":"\\"\\u000a,{"}', null, '{}', '{"ü":"😀"}'];
  const { blob } = encodeChunk(rows);
  assert.deepEqual(decodeChunk(blob), rows);
  assert.deepEqual([slotsOf(blob), liveOf(blob), isPresent(blob, 1), isPresent(blob, 2), isPresent(blob, 7)], [7, 5, false, true, false]);
  assert.deepEqual(
    [0, 2, 6].map((slot) => rankOf(blob, slot)),
    [0, 1, 4],
  );
});

test('a full, an empty and an all-holes chunk', () => {
  const full = Array.from({ length: SLOTS }, (_, i) => `{"i":${i}}`);
  assert.deepEqual(decodeChunk(encodeChunk(full).blob), full);
  assert.deepEqual(decodeChunk(encodeChunk([]).blob), []);
  assert.deepEqual(decodeChunk(encodeChunk([null, null]).blob), [null, null]);
});

test('the key hash is MurmurHash3 over UTF-16 units, so it never changes between releases', () => {
  assert.equal(keyHash('', 0), 0);
  assert.equal(keyHash('', 1), 0x514e28b7); // the reference's value for an empty key and seed 1
  assert.deepEqual(
    ['a', 'HGNC:5', 'é'].map((key) => keyHash(key, 42)),
    [1485273170, 2191384345, 1434651379],
  );
});

test('every key is found in the bucket of its hash', () => {
  const table = new KeyTable(7);
  const keys = Array.from({ length: 5000 }, (_, i) => `key ${i}`);
  for (const [i, key] of keys.entries()) table.add(table.hashOf(key), i);
  const count = KeyTable.bucketsFor(keys.length);
  assert.equal(count, 32);
  const buckets: Buffer[] = [];
  for (const some of table.buckets(count)) for (const [number, pairs] of some) buckets[number] = pairs;
  assert.equal(buckets.length, 32);
  for (const [i, key] of keys.entries()) {
    const hash = keyHash(key, 7);
    assert.ok(table.has(hash));
    assert.ok(ordinalsIn(buckets[hash & (buckets.length - 1)] as Buffer, hash).includes(i));
  }
  assert.equal(table.has(keyHash('no such key', 7)), false);
});

test('a stored token becomes the typed value, exactly', () => {
  for (const [token, type, typed] of [
    ['"21"', 'integer', '21'],
    ['"1.50"', 'number', '1.50'],
    ['"9007199254740993"', 'integer', '9007199254740993'],
    ['" 5 "', 'number', '5'],
    ['"+.5"', 'number', '0.5'],
    ['""', 'number', 'null'],
    ['null', 'string', 'null'],
    ['12', 'string', '"12"'],
    ['true', 'string', '"true"'],
    ['"True"', 'boolean', 'true'],
    ['"x"', 'string', '"x"'],
  ] as const) {
    assert.equal(typedToken(token, type), typed, `${token} as ${type}`);
  }
});

test('only columns that need it are rewritten; the rest keeps its bytes', () => {
  const view = rowView({
    columns: [
      { name: 'm', type: 'number', asStored: false },
      { name: 'n', type: 'number', asStored: true },
    ],
  });
  assert.equal(view?.('{"n":1.50,"m":"2.0","o":"m"}'), '{"n":1.50,"m":2.0,"o":"m"}');
  assert.equal(rowView({ columns: [{ name: 'n', type: 'number', asStored: true }] }), undefined);
});
