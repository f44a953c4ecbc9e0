import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { sharedData, startTestRedis, type TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { DatasetReader } from './dataset-reader.ts';
import { deleteDataset } from './delete-dataset.ts';
import { nodesOf, rootOf } from './digest.ts';
import { dataKeys } from './keys.ts';
import { isLoading, markedAsLoading } from './loading-mark.ts';
import { droppedFields, listDatasets, readManifest, wasEverStored } from './manifest.ts';
import { readRejects } from './rejects.ts';
import { StagedGeneration } from './staged-generation.ts';
import { column, idSchema, load, makeRows, schema } from './testing.ts';

let store: TestRedis;
let redis: Redis;
before(async () => {
  store = await startTestRedis();
  redis = store.connect(0);
});
after(() => store.end());
const reader = () => new DatasetReader(redis, { cacheBytes: 1 << 20 });

const problem = (type: string, detail?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.type, type);
  if (detail !== undefined) assert.match(error.message, detail);
  return true;
};

test('rows come back byte for byte, by page and by key, in source order', async () => {
  const rows = makeRows(2000, 900); // wide enough that some chunks close by size
  const { version, created, rows: count } = await load(redis, 'plain', rows);
  assert.deepEqual([count, created], [2000, true]);
  const copy = await reader().get('plain');
  assert.equal(copy.version, version);
  assert.equal(copy.rows, 2000);
  const text = (offset: number, limit: number) => copy.page(offset, limit).map(String).join(',\n');
  for (let i = 0; i < 200; i++) {
    const offset = Math.floor(Math.random() * 2100);
    const limit = 1 + Math.floor(Math.random() * 600);
    assert.equal(text(offset, limit), rows.slice(offset, offset + limit).join(',\n'), `offset ${offset}, limit ${limit}`);
    const key = Math.floor(Math.random() * 2000);
    assert.equal(copy.byKey(String(key))?.toString(), rows[key]);
  }
  assert.equal(copy.byKey('2000'), undefined);
  assert.equal(copy.byKey('01'), undefined);
  const whole = [...copy.all()];
  assert.equal(
    whole.reduce((sum, chunk) => sum + chunk.count, 0),
    2000,
  );
});

test('values that a number type would change are kept', async () => {
  const rows = ['{"id":"007","v":1.50}', '{"id":"a","v":9007199254740993}', '{"v":-0.0,"id":"b,}"}'];
  await load(redis, 'exact', rows, { schema: schema([column('id'), column('v', 'number')], 'id') });
  const copy = await reader().get('exact');
  for (const [key, row] of [
    ['007', rows[0]],
    ['a', rows[1]],
    ['b,}', rows[2]],
  ] as const)
    assert.equal(copy.byKey(key)?.toString(), row);
  assert.equal(copy.byKey('7'), undefined);
});

test('columns sent as text read as what they are, and as keys both ways', async () => {
  await load(redis, 'texts', ['{"id":"10001","mass (g)":"21"}', '{"id":"10002","mass (g)":""}'], {
    schema: schema([column('id', 'integer', false), column('mass (g)', 'number', false)], 'id'),
  });
  const copy = await reader().get('texts');
  assert.equal(copy.byKey('10001')?.toString(), '{"id":10001,"mass (g)":21}');
  assert.equal(copy.page(0, 9).map(String).join(), '{"id":10001,"mass (g)":21},\n{"id":10002,"mass (g)":null}');
});

test('a key that is there already is refused, in the same chunk, in an earlier one, and in one already written', async () => {
  const staged = new StagedGeneration(redis, 'twice', { key: 'id' });
  const row = (id: number) => JSON.stringify({ id, text: 'y'.repeat(4000) + Math.sin(id) });
  for (let id = 0; id < 3000; id++) assert.equal(await staged.add(row(id), String(id)), true);
  for (const id of [2999, 2500, 1, 0]) assert.equal(await staged.add(row(id), String(id)), false);
  await staged.reject({ row: 3001, reason: "the key '2999' is in row 3000 already", raw: row(2999).slice(0, 20) });
  const { rows, rejected } = await staged.commit({ schema: idSchema, evidence: {} });
  assert.deepEqual([rows, rejected], [3000, 1]);
  const manifest = await readManifest(redis, 'twice');
  assert.deepEqual(
    (await readRejects(redis, 'twice', manifest?.gen as string, 0, 10)).map(({ row: n }) => n),
    [3001],
  );
});

test('rejects are read in pieces across blocks', async () => {
  const staged = new StagedGeneration(redis, 'rejecting');
  await staged.add('{"id":1}');
  for (let row = 1; row <= 1700; row++) await staged.reject({ row, reason: 'r', raw: 'x' });
  await staged.commit({ schema: schema([column('id')]), evidence: {} });
  const { gen } = (await readManifest(redis, 'rejecting')) ?? { gen: '' };
  assert.deepEqual(
    (await readRejects(redis, 'rejecting', gen, 495, 10)).map(({ row }) => row),
    [496, 497, 498, 499, 500, 501, 502, 503, 504, 505],
  );
  assert.equal((await readRejects(redis, 'rejecting', gen, 0, 5000)).length, 1700);
});

test('without a key, or when a guessed one proves unfit, records are named by their number', async () => {
  const staged = new StagedGeneration(redis, 'numbered', { key: 'id' });
  await staged.add('{"id":1}', '1');
  assert.equal(await staged.add('{"id":1}', '1'), false);
  staged.abandonKey();
  assert.equal(await staged.add('{"id":1}'), true);
  await staged.commit({ schema: schema([column('id', 'integer')]), evidence: {} });
  const copy = await reader().get('numbered');
  assert.equal(copy.byKey('1')?.toString(), '{"id":1}');
  assert.equal(copy.byKey('2'), undefined);
  assert.equal(copy.byKey('x'), undefined);
});

test('the digest is over rows, order and schema: the same load gives the same, anything else another', async () => {
  const rows = makeRows(600);
  const digest = async (given: string[], s = idSchema) => (await load(redis, 'digested', given, { schema: s })).digest;
  const first = await digest(rows);
  assert.equal(await digest(rows), first);
  assert.notEqual(await digest([...rows.slice(1), rows[0] as string]), first);
  assert.notEqual(
    await digest(rows, { ...idSchema, columns: [{ ...idSchema.columns[0], unit: 'g' } as never, idSchema.columns[1] as never] }),
    first,
  );
  const { manifest, leaves } = dataKeys('digested', (await readManifest(redis, 'digested'))?.gen);
  const [chunks, schemaJson] = await redis.hmget(manifest, 'chunks', 'schema');
  const stored = (await redis.getBuffer(leaves)) as Buffer;
  assert.equal(rootOf(schemaJson as string, Number(chunks), nodesOf(stored)), (await readManifest(redis, 'digested'))?.digest);
});

test('a write that expects another version is refused and changes nothing', async () => {
  const { version } = await load(redis, 'guarded', makeRows(3));
  await assert.rejects(
    load(redis, 'guarded', makeRows(4), { ifVersion: '9-0000000000000000' }),
    problem('precondition-failed', /at version 1-/),
  );
  assert.equal((await readManifest(redis, 'guarded'))?.version, version);
  assert.equal((await load(redis, 'guarded', makeRows(4), { ifVersion: version })).seq, 2);
});

test('a writer that dies leaves only keys that expire, and the old rows', async () => {
  await load(redis, 'dying', makeRows(5));
  const staged = new StagedGeneration(redis, 'dying', { key: 'id' });
  for (let id = 0; id < 3000; id++) await staged.add(JSON.stringify({ id, text: randomBytes(600).toString('base64') }), String(id));
  const { chunks } = dataKeys('dying', staged.gen);
  while ((await redis.exists(chunks)) === 0) await new Promise((resolve) => setImmediate(resolve));
  const ttl = await redis.pttl(chunks);
  assert.ok(ttl > 0 && ttl <= 60_000, `${ttl}`);
  assert.equal((await reader().get('dying')).rows, 5);
  await staged.discard();
  assert.equal(await redis.exists(chunks), 0);
});

test('staged rows that expired before the swap are noticed', async () => {
  const staged = new StagedGeneration(redis, 'lost', { key: 'id' });
  for (let id = 0; id < 3000; id++) await staged.add(JSON.stringify({ id, text: randomBytes(600).toString('base64') }), String(id));
  const { chunks } = dataKeys('lost', staged.gen);
  while ((await redis.exists(chunks)) === 0) await new Promise((resolve) => setImmediate(resolve));
  await redis.hdel(chunks, '0');
  await assert.rejects(staged.commit({ schema: idSchema, evidence: {} }), problem('store-unavailable', /Load the data set again/));
  assert.equal(await readManifest(redis, 'lost'), undefined);
});

test('a load that will not fit is refused with both numbers before its first write', async () => {
  const small = await startTestRedis(['--maxmemory', '6mb', '--maxmemory-policy', 'noeviction']);
  try {
    const client = small.connect(0);
    const staged = new StagedGeneration(client, 'big', { key: 'id', sourceBytes: 80_000_000 });
    await assert.rejects(
      async () => {
        for (let id = 0; ; id++) await staged.add(JSON.stringify({ id, text: randomBytes(150).toString('base64') }), String(id));
      },
      problem('store-full', /needs about [\d,]+ bytes and the store has [\d,]+ free/),
    );
    await staged.discard();
    assert.equal(await client.dbsize(), 0);
  } finally {
    await small.end();
  }
});

test('a replaced version is readable for as long as it is kept, then it is gone', async () => {
  const { version } = await load(redis, 'history', makeRows(10), { title: 'First' });
  await load(redis, 'history', makeRows(20));
  await assert.doesNotReject(reader().get('history', version));
  const old = await reader().get('history', version); // a reader that never saw it current
  assert.deepEqual([old.rows, old.version, old.manifest.title], [10, version, 'First']);
  assert.equal(old.byKey('9')?.toString(), makeRows(10)[9]);
  await load(redis, 'history', makeRows(30));
  await assert.rejects(reader().get('history', version), problem('gone', /Available: 3-/));
  await assert.rejects(reader().get('history', '77'), problem('gone'));
  assert.equal((await reader().get('history', 'latest')).rows, 30);
});

test('deleting leaves nothing but a tombstone, and numbers go on', async () => {
  await load(redis, 'gone', makeRows(5));
  await load(redis, 'gone', makeRows(6));
  const own = reader();
  assert.equal((await own.get('gone')).rows, 6);
  const unlisted = (await redis.hkeys('ds:m:{gone}')).filter((field) => field !== 'seq' && !droppedFields.includes(field as never));
  assert.deepEqual(unlisted, []);
  assert.equal(await deleteDataset(redis, 'gone'), true);
  assert.equal(await deleteDataset(redis, 'gone'), false);
  assert.deepEqual(await redis.keys('ds:*{gone}*'), ['ds:m:{gone}']);
  assert.deepEqual((await redis.hkeys('ds:m:{gone}')).sort(), ['deleted', 'seq']);
  assert.ok((await redis.pttl('ds:m:{gone}')) > 0);
  await assert.rejects(own.get('gone'), problem('unknown-dataset'));
  assert.equal((await listDatasets(redis)).includes('gone'), false);
  assert.equal((await load(redis, 'gone', makeRows(1))).seq, 4);
  assert.equal(await redis.pttl('ds:m:{gone}'), -1);
  assert.equal((await own.get('gone')).rows, 1);
});

test('reads are never older than writes that were acknowledged, over two readers, with writers racing', async () => {
  const readers = [
    new DatasetReader(store.connect(0), { cacheBytes: 1 << 16 }),
    new DatasetReader(store.connect(0), { cacheBytes: 1 << 16 }),
  ];
  let acknowledged = 0;
  const write = async (writer: Redis) => {
    for (let i = 0; i < 25; i++) acknowledged = Math.max(acknowledged, (await load(writer, 'raced', makeRows(1 + (i % 300)))).seq);
  };
  await load(redis, 'raced', makeRows(1));
  let reads = 0;
  let isWriting = true;
  const read = async (own: DatasetReader) => {
    while (isWriting) {
      const least = acknowledged;
      const copy = await own.get('raced');
      assert.ok(copy.manifest.seq >= least, `read ${copy.manifest.seq} after ${least} was acknowledged`);
      assert.equal(copy.page(0, 1e6).map(String).join(',\n').split('\n').length, copy.rows);
      reads++;
    }
  };
  const reading = readers.map(read);
  await Promise.all([write(store.connect(0)), write(store.connect(0))]);
  isWriting = false;
  await Promise.all(reading);
  assert.equal((await readManifest(redis, 'raced'))?.seq, 51);
  assert.ok(reads > 20, `${reads} reads`);
});

test('decoded rows stay within their budget, and reading goes on beyond it', async () => {
  const rows = makeRows(20_000, 300);
  await load(redis, 'wide', rows);
  const own = new DatasetReader(redis, { cacheBytes: 200_000 });
  const copy = await own.get('wide');
  for (let pass = 0; pass < 2; pass++) {
    let at = 0;
    for (const { rows: raw, count } of copy.all()) {
      assert.equal(raw.toString(), rows.slice(at, at + count).join(',\n'));
      at += count;
    }
    assert.equal(at, 20_000);
  }
});

const genes = sharedData('Meteorite_Landings_full.csv');
test('45,716 real rows: found by key, each once', { skip: genes.skip }, async () => {
  const { readFileSync } = await import('node:fs');
  const lines = readFileSync(genes.path, 'utf8').trim().split('\n').slice(1);
  const rows = lines.map((line, id) => JSON.stringify({ id, line }));
  const { stored, raw } = await load(redis, 'meteorites', rows, { schema: schema([column('id', 'integer'), column('line')], 'id') });
  assert.ok(stored < raw / 2, `${stored} of ${raw}`);
  const copy = await reader().get('meteorites');
  for (let id = 0; id < rows.length; id += 97) assert.equal(copy.byKey(String(id))?.toString(), rows[id]);
});

test('the same rows in another view: found by the stored key, whatever the view makes of it; what was computed is kept', async () => {
  const rows = ['{"id":"1","mass":"2.50"}', '{"id":"2","mass":""}'];
  await load(redis, 'viewed', rows, { schema: schema([column('id', 'integer', false), column('mass', 'number', false)], 'id') });
  const copy = await reader().get('viewed');
  assert.equal(copy.byKey('1')?.toString(), '{"id":1,"mass":2.50}');
  const stored = copy.viewed('stored', undefined);
  assert.equal(copy.viewed('stored', undefined), stored);
  assert.equal(copy.byKey('1', stored)?.toString(), rows[0]);
  const named = copy.viewed('named', (row) => row.replace('"id"', '"#"'));
  assert.equal(copy.byKey('2', named)?.toString(), '{"#":"2","mass":""}');
  assert.deepEqual(named.page(0, 5).map(String), ['{"#":"1","mass":"2.50"},\n{"#":"2","mass":""}']);
  let made = 0;
  for (let i = 0; i < 3; i++)
    assert.equal(
      copy.memoize('sum', () => ++made),
      1,
    );
});

test('a set that is being loaded is marked as long as that takes', async () => {
  assert.equal(await isLoading(redis, 'marked'), false);
  const seen = await markedAsLoading(redis, 'marked', () => isLoading(redis, 'marked'));
  assert.equal(seen, true);
  await assert.rejects(
    markedAsLoading(redis, 'marked', async () => assert.fail('the source is away')),
    /away/,
  );
  assert.equal(await isLoading(redis, 'marked'), false);
});

test('the end of one load leaves the mark of another, whichever began first', async () => {
  for (const ends of ['the first', 'the second']) {
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const begun = async (work: Promise<void>) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const done = markedAsLoading(redis, 'twice', () => {
        resolve();
        return work;
      });
      await promise;
      return { done };
    };
    const [one, two] = [await begun(first.promise), await begun(second.promise)];
    (ends === 'the first' ? first : second).resolve();
    await (ends === 'the first' ? one : two).done;
    const isMarked = await isLoading(redis, 'twice');
    first.resolve();
    second.resolve();
    await Promise.all([one.done, two.done]);
    assert.deepEqual([isMarked, await isLoading(redis, 'twice')], [true, false], `after ${ends} has ended`);
  }
});

test('a load that is only to be the first of its name stands back for any other, and for a deletion', async () => {
  const again = () => load(redis, 'first', makeRows(2), { onlyFirst: true });
  assert.equal((await again()).seq, 1);
  await assert.rejects(again(), problem('conflict', /'first'/));
  await deleteDataset(redis, 'first');
  await assert.rejects(again(), problem('conflict', /'first'/));
  assert.equal(await readManifest(redis, 'first'), undefined);
  assert.equal((await load(redis, 'first', makeRows(3))).created, true);
  assert.equal(await wasEverStored(redis, 'first'), true);
  assert.equal(await wasEverStored(redis, 'never'), false);
});

test('a load that is only to be the first loses against one that commits while it is staged', async () => {
  const staged = new StagedGeneration(redis, 'raced');
  await staged.add('{"id":1}');
  await load(redis, 'raced', makeRows(3));
  await assert.rejects(staged.commit({ schema: idSchema, evidence: {}, onlyFirst: true }), problem('conflict'));
  await staged.discard();
  assert.equal((await readManifest(redis, 'raced'))?.rows, 3);
});
