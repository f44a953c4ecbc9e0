// Whole data sets as files: lengths, parts by Range, and Arrow columns with their own types.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { int64Of } from './renderings/int64.ts';
import { type Answer, column, load, type Page, startQuery, stoneRows, stones, type TestQuery } from './testing.ts';

let query: TestQuery;
const rows = stoneRows(9_000);
before(async () => {
  query = await startQuery(16 << 20);
  await load(query.redis, 'stones', rows);
});
after(() => query.end());

const files = [
  'stones.csv',
  'stones.json',
  'stones.ndjson',
  'stones.csv?fields=id,name',
  'stones.json?fields=name',
  'stones.ndjson?fields=geo,id',
];

test('HEAD of a file says its length, and GET says it from then on', async () => {
  for (const file of files) {
    const path = `/v1/datasets/${file}`;
    const head = await query.get(path, {}, 'HEAD');
    const get = await query.get(path);
    assert.equal(head.status, 200);
    assert.deepEqual([Number(head.headers['content-length']), head.bytes.length], [get.bytes.length, 0], file);
    assert.equal(Number(get.headers['content-length']), get.bytes.length, file);
    assert.deepEqual([head.headers['accept-ranges'], head.headers.etag], ['bytes', get.headers.etag], file);
  }
  for (const filtered of ['stones.csv?fell=true', 'stones.arrow'])
    assert.equal((await query.get(`/v1/datasets/${filtered}`)).headers['accept-ranges'], undefined);
});

test('parts of a file are its bytes, wherever they lie', async () => {
  for (const file of files) {
    const path = `/v1/datasets/${file}`;
    const { bytes: whole } = await query.get(path);
    const size = whole.length;
    let seed = 5;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const ranges: [number, number][] = [
      [0, 0],
      [0, size - 1],
      [size - 1, size - 1],
      [1, 2],
      [0, 1],
    ];
    for (let i = 0; i < 40; i++) {
      const first = random(size);
      ranges.push([first, Math.min(size - 1, first + random(200_000))]);
    }
    for (const [first, last] of ranges) {
      const { status, headers, bytes } = await query.get(path, { range: `bytes=${first}-${last}` });
      assert.equal(status, 206);
      assert.equal(headers['content-range'], `bytes ${first}-${last}/${size}`);
      assert.equal(Number(headers['content-length']), last + 1 - first);
      assert.ok(bytes.equals(whole.subarray(first, last + 1)), `${file} ${first}-${last}`);
    }
    assert.ok((await query.get(path, { range: 'bytes=-100' })).bytes.equals(whole.subarray(size - 100)));
    assert.ok((await query.get(path, { range: `bytes=${size - 5}-` })).bytes.equals(whole.subarray(size - 5)));
    assert.ok((await query.get(path, { range: `bytes=${size - 5}-${size + 1_000_000}` })).bytes.equals(whole.subarray(size - 5)));
  }
});

test('parts are of one version: If-Range with another tag gets the whole, what does not exist is 416, what is no range is passed over', async () => {
  const path = '/v1/datasets/stones.csv';
  const { headers, bytes } = await query.get(path);
  const part = (more: Record<string, string>) => query.get(path, { range: 'bytes=5-9', ...more });
  assert.equal((await part({ 'if-range': String(headers.etag) })).status, 206);
  for (const other of ['"other"', 'Tue, 01 Dec 2026 10:00:00 GMT', `W/${headers.etag}`]) {
    const answer = await part({ 'if-range': other });
    assert.deepEqual([answer.status, answer.bytes.length], [200, bytes.length]);
  }
  for (const range of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=x-', 'bytes=9-5', 'bytes=-'])
    assert.equal((await query.get(path, { range })).status, 200, range);
  const beyond = await query.get(path, { range: `bytes=${bytes.length}-` });
  assert.deepEqual([beyond.status, beyond.headers['content-range']], [416, `bytes */${bytes.length}`]);
  assert.equal((await query.get(path, { range: 'bytes=-0' })).status, 416);
  assert.equal((await query.get(path, { range: 'bytes=0-4', 'if-none-match': String(headers.etag) })).status, 304);
  await load(query.redis, 'changing', rows.slice(0, 100));
  const before = await query.get('/v1/datasets/changing.csv');
  await load(query.redis, 'changing', rows.slice(0, 50));
  const after = await query.get('/v1/datasets/changing.csv', { range: 'bytes=0-9', 'if-range': String(before.headers.etag) });
  assert.deepEqual([after.status, after.bytes.length < before.bytes.length], [200, true]);
});

test('an empty set and one with a single row have parts too', async () => {
  await load(query.redis, 'empty', [], stones);
  await load(query.redis, 'single', ['{"id":1}'], stones);
  for (const set of ['empty', 'single']) {
    for (const form of ['csv', 'json', 'ndjson']) {
      const path = `/v1/datasets/${set}.${form}`;
      const { bytes } = await query.get(path);
      assert.equal(Number((await query.get(path, {}, 'HEAD')).headers['content-length']), bytes.length, path);
      if (bytes.length > 0) assert.ok((await query.get(path, { range: 'bytes=0-' })).bytes.equals(bytes), path);
      else assert.equal((await query.get(path, { range: 'bytes=0-' })).status, 416);
    }
  }
});

const big = ['9007199254740993', '-9223372036854775808', '9223372036854775807', '1.0', '1e3', 'null', '-0'];

test('Arrow columns have their own types, and integers are exact', async () => {
  const typed = big.map(
    (n, i) =>
      `{"n":${n},"b":${i === 1 ? 'null' : i % 2 === 0},"t":"2024-02-21T12:00:00.123456Z","x":${i / 2},"s":"${i === 2 ? '' : `ü${i}`}","j":[${i}]}`,
  );
  await load(query.redis, 'typed', typed, {
    columns: [
      column('n', 'integer'),
      column('b', 'boolean'),
      column('t', 'time'),
      column('x', 'number'),
      column('s'),
      column('j', 'json'),
      column('absent'),
    ],
  });
  for (const path of ['typed/records?f=arrow', 'typed.arrow', 'typed/records?f=arrow&limit=all&x[gte]=0']) {
    const table = tableFromIPC((await query.get(`/v1/datasets/${path}`)).bytes);
    assert.deepEqual(
      table.schema.fields.map(({ type }) => String(type)),
      ['Int64', 'Bool', 'Timestamp<MICROSECOND, UTC>', 'Float64', 'Utf8', 'Utf8', 'Utf8'],
    );
    const values = (name: string) => [...(table.getChild(name) ?? [])];
    assert.deepEqual(values('n'), [9007199254740993n, -9223372036854775808n, 9223372036854775807n, 1n, 1000n, null, 0n]);
    assert.deepEqual(values('b'), [true, null, true, false, true, false, true]);
    assert.equal(table.getChild('t')?.data[0]?.values[0], 1708516800123456n);
    assert.deepEqual(values('x'), [0, 0.5, 1, 1.5, 2, 2.5, 3]);
    assert.deepEqual(values('s'), ['ü0', 'ü1', '', 'ü3', 'ü4', 'ü5', 'ü6']);
    assert.deepEqual(values('j')[3], '[3]');
    assert.deepEqual(
      values('absent'),
      big.map(() => null),
    );
  }
});

test('integers beyond 64 bits go out as text, digit by digit', async () => {
  await load(query.redis, 'beyond', ['{"n":9223372036854775808}', '{"n":12345678901234567890123}', '{"n":7}'], {
    columns: [column('n', 'integer')],
  });
  const table = tableFromIPC((await query.get('/v1/datasets/beyond.arrow')).bytes);
  assert.deepEqual([...(table.getChild('n') ?? [])], ['9223372036854775808', '12345678901234567890123', '7']);
  const first = tableFromIPC((await query.get('/v1/datasets/beyond/records?f=arrow&limit=1&offset=2')).bytes);
  assert.equal(String(first.schema.fields[0]?.type), 'Utf8');
});

test('a renderer of the release before gets the form it knows', async () => {
  const { json } = await query.get<Page>('/v1/datasets/stones');
  const asked = `/v1/datasets/stones/records?f=arrow&fields=id,seen&limit=all&version=${json.version}`;
  const typeOf = ({ bytes }: Answer<unknown>) => String(tableFromIPC(bytes).schema.fields[0]?.type);
  assert.equal(typeOf(await query.get(asked, { accept: 'application/vnd.apache.arrow.stream' })), 'Float64');
  assert.equal(typeOf(await query.get(asked, { accept: 'application/vnd.apache.arrow.stream; profile=plain' })), 'Float64');
  assert.equal(typeOf(await query.get(asked)), 'Int64');
  assert.equal(typeOf(await query.get('/v1/datasets/stones/records', { accept: 'application/vnd.apache.arrow.stream' })), 'Int64');
  assert.equal(
    typeOf(await query.get('/v1/datasets/stones/records', { accept: 'application/vnd.apache.arrow.stream; profile=plain' })),
    'Float64',
  );
});

for (const [token, value] of [
  ['0', 0n],
  ['-0', 0n],
  ['1e18', 10n ** 18n],
  ['12345678901234567.0', 12345678901234567n],
  ['123e-2', undefined],
  ['1200e-2', 12n],
  ['0.00e9', 0n],
  ['1e9999', undefined],
  ['1e-9999', undefined],
  ['true', undefined],
  ['-', undefined],
  ['', undefined],
] as const) {
  test(`${token === '' ? 'nothing' : token} as an integer of 64 bits is ${value ?? 'none'}`, () => assert.equal(int64Of(token), value));
}

test('what has a usual value is not required in the API document', async () => {
  const { json } = await query.get<{ paths: Record<string, { get?: { parameters?: { name: string; required?: boolean }[] } }> }>(
    '/openapi.json',
  );
  for (const [path, { get }] of Object.entries(json.paths))
    for (const { name, required } of get?.parameters ?? [])
      if (required) assert.ok(path.includes(`{${name}}`) || name === 'time', `${path} ${name}`);
});
