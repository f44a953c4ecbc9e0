// What one caller can make query hold, read and send: pages bounded by bytes, lists without columns, searches that give way.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLimits } from '@almanac/domain';
import { deleteDataset, StagedGeneration } from '@almanac/store';
import { tableFromIPC } from 'apache-arrow';
import { type Answer, column, load, type Page, startQuery, type TestQuery } from './testing.ts';

const PAGE = readLimits.pageBytes.value;
const MB = 1 << 20;
/** Rows of a megabyte. */
const ROWS = 20;

let query: TestQuery;
before(async () => {
  query = await startQuery(64 * MB, { COURSE_EDITION: 'seed' });
  const large = Array.from({ length: ROWS }, (_, i) => `{"id":${i},"t":"${String(i % 10).repeat(MB)}"}`);
  await load(query.redis, 'large', large, { key: 'id', columns: [column('id', 'integer'), column('t')] });
});
after(() => query.end());

/** Reads page after page by the next links: the ids seen, and the bytes of the largest page. */
async function walk(path: string, idsIn: (text: string) => string[]): Promise<{ ids: string[]; largest: number; pages: number }> {
  const ids: string[] = [];
  let [largest, pages] = [0, 0];
  for (let next: string | undefined = path; next !== undefined && pages < 200; pages++) {
    const { status, bytes, text, headers }: Answer<unknown> = await query.get(next);
    assert.equal(status, 200, next);
    assert.equal(Number(headers['content-length'] ?? bytes.length), bytes.length, next);
    ids.push(...idsIn(text));
    largest = Math.max(largest, bytes.length);
    next = /<([^>]*)>; rel="next"/.exec(String(headers.link))?.[1];
  }
  return { ids, largest, pages };
}
const jsonIds = (text: string) => (JSON.parse(text) as Page).items.map(({ id }) => String(id));
const all = Array.from({ length: ROWS }, (_, i) => String(i));

test('a page of rows of a megabyte ends early and goes on at its next link, in every form', async () => {
  for (const [path, idsIn] of [
    ['records', jsonIds],
    ['records?limit=10000', jsonIds],
    ['records?limit=7', jsonIds],
    [
      'records?f=ndjson&limit=10000',
      (text: string) =>
        text
          .trim()
          .split('\n')
          .map((line) => String(JSON.parse(line).id)),
    ],
    [
      'records?f=csv&limit=10000',
      (text: string) =>
        text
          .trim()
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(',')[0] as string),
    ],
    ['records?fields=t,id&limit=10000', jsonIds],
    ['records?id[gte]=0&limit=10000', jsonIds],
  ] as const) {
    const { ids, largest } = await walk(`/v1/datasets/large/${path}`, idsIn as (text: string) => string[]);
    assert.deepEqual(ids, all, path);
    assert.ok(largest <= PAGE + 65_536, `${path}: a page of ${largest} bytes`);
  }
  const { json, headers } = await query.get<Page & { note: string }>('/v1/datasets/large/records');
  assert.deepEqual([json.numberReturned, json.numberMatched], [3, ROWS]);
  assert.match(json.note, /3 records.*4,194,304 bytes.*next/);
  assert.equal(headers['almanac-note'], json.note);
});

test('an Arrow page ends early too', async () => {
  const seen: unknown[] = [];
  for (let next: string | undefined = '/v1/datasets/large/records?f=arrow&limit=10000'; next !== undefined; ) {
    const { bytes, headers }: Answer<unknown> = await query.get(next);
    assert.ok(bytes.length <= PAGE + 65_536, `${bytes.length} bytes`);
    seen.push(...(tableFromIPC(bytes).getChild('id') ?? []));
    next = /<([^>]*)>; rel="next"/.exec(String(headers.link))?.[1];
  }
  assert.deepEqual(seen.map(String), all);
});

test('few fields of large rows fill a page, as far as reading them is bounded', async () => {
  const { json } = await query.get<Page>('/v1/datasets/large/records?fields=id');
  assert.deepEqual(
    json.items.map(({ id }) => String(id)),
    all,
  );
});

test('many fields of rows that have none of them: the page is bounded by what it would say', async () => {
  const names = Array.from({ length: 2_000 }, (_, i) => `c${i}`);
  await load(
    query.redis,
    'sparse',
    Array.from({ length: 3_000 }, (_, i) => `{"id":${i}}`),
    {
      key: 'id',
      columns: [column('id', 'integer'), ...names.map((name) => column(name))],
    },
  );
  for (const f of ['json', 'csv', 'ndjson', 'arrow']) {
    const { status, bytes, headers } = await query.get(`/v1/datasets/sparse/records?f=${f}&limit=10000&fields=${names.join(',')}`);
    assert.equal(status, 200);
    assert.ok(bytes.length <= PAGE + 2 * 131_072, `${f}: ${bytes.length} bytes`);
    if (f === 'json') assert.match(String(headers.link), /rel="next"/, f);
  }
});

test('one record of many megabytes, and the course’s lists of such records, are whole', async () => {
  const row = `{"id":1,"t":"${'ü'.repeat(2 * MB)}"}`;
  await load(query.redis, 'one', [row], { key: 'id', columns: [column('id', 'integer'), column('t')] });
  assert.equal((await query.get('/v1/datasets/one/records/1')).text, row);
  assert.equal((await query.get('/v1/datasets/one/records')).json.items.length, 1);
  assert.equal((await query.get('/data?dataset=one')).text, `[${row}]\n`);
  assert.equal((await query.get('/data?dataset=one&shape=dict')).text, `{"1":${row}}\n`);
  assert.equal((await query.get('/data/1?dataset=one')).text, `${row}\n`);
  assert.equal((await query.get('/data?dataset=large')).bytes.length, ROWS * MB + 10 * 16 + 10 * 15 + (ROWS - 1) * 2 + 3);
  assert.equal((await query.get('/get-keys?dataset=large')).text, `[${all.map((id) => `"${id}"`).join(',')}]\n`);
});

test('the list of data sets says how many columns there are, not which', async () => {
  const wide = Array.from({ length: 4_096 }, (_, i) => column(`c${i}_${'n'.repeat(250)}`));
  for (let i = 0; i < 30; i++) await load(query.redis, `wide${i}`, ['{"c0":1}'], { columns: wide });
  const { json, bytes } = await query.get<Page>('/v1/datasets?limit=100');
  assert.ok(bytes.length < 64 * 1024, `${bytes.length} bytes`);
  assert.equal(json.items.find(({ id }) => id === 'wide7')?.columns, 4_096);
  const described = await query.get<{ columns: object[] }>('/v1/datasets/wide7');
  assert.equal(described.json.columns.length, 4_096);
  assert.equal((await query.get('/v1/datasets/wide7', { 'if-none-match': String(described.headers.etag) })).status, 304);
});

test('lists and rejects are bounded by bytes and go on', async () => {
  for (let i = 0; i < 40; i++) {
    const staged = new StagedGeneration(query.redis, `titled${i}`);
    await staged.add('{"a":1}');
    await staged.commit({
      schema: { columns: [column('a', 'integer')] },
      evidence: {},
      op: 'replace',
      title: `${i} ${'t'.repeat(100_000)}`,
    });
  }
  const { ids, largest, pages } = await walk('/v1/datasets?limit=10000', jsonIds);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.filter((id) => id.startsWith('titled')).length === 40 && pages > 3 && largest <= MB + 65_536, `${pages} pages`);

  const staged = new StagedGeneration(query.redis, 'rejecting');
  await staged.add('{"a":1}');
  for (let row = 1; row <= 2_000; row++) await staged.reject({ row, reason: 'long', raw: `${'é'.repeat(1_500)}` });
  await staged.commit({ schema: { columns: [column('a', 'integer')] }, evidence: {}, op: 'replace' });
  const rowsIn = (text: string) => (JSON.parse(text) as Page).items.map(({ row }) => String(row));
  const rejects = await walk('/v1/datasets/rejecting/rejects?limit=10000', rowsIn);
  assert.deepEqual(
    rejects.ids,
    Array.from({ length: 2_000 }, (_, i) => String(i + 1)),
  );
  assert.ok(rejects.largest <= MB + 65_536, `${rejects.largest} bytes`);
});

const tooMuch: [string, string, RegExp][] = [
  ['too many filters', Array.from({ length: 51 }, (_, i) => `field.id[gte]${' '.repeat(i)}=0`).join('&'), /51 values.*50/],
  ['too many values', `id[in]=${Array.from({ length: 1_001 }, (_, i) => i).join(',')}`, /1,001 values.*1,000/],
  ['too long a value', `t=${'x'.repeat(4_097)}`, /4,097 characters.*4,096/],
  ['too many stars', `t[like]=${'*a'.repeat(33)}`, /33 values.*32/],
  ['too many fields', `fields=${Array.from({ length: 4_097 }, (_, i) => i).join(',')}`, /4,097 names.*4,096/],
];
test('a question that asks too much is refused with the limit and the value', async () => {
  for (const [what, parameters, detail] of tooMuch) {
    const { status, json } = await query.get(`/v1/datasets/large/records?${parameters.replaceAll(' ', '%20')}`);
    assert.equal(status, 400, what);
    assert.match(json.detail, detail, what);
    assert.ok('limit' in json && 'value' in json, what);
  }
  assert.equal((await query.get(`/data?dataset=large&search=${'x'.repeat(5_000)}`)).status, 400);
});

test('a list of a thousand values in a URL is answered', async () => {
  const listed = Array.from({ length: 999 }, (_, i) => 1_000_000_000 + i).join(',');
  const { status, json, headers } = await query.get<Page>(`/v1/datasets/large/records?fields=id&id[in]=${listed},17`);
  assert.deepEqual([status, json.items], [200, [{ id: 17 }]]);
  assert.ok(String(headers.link ?? '').length <= 16_384);
  const paged = await query.get<Page>(`/v1/datasets/large/records?fields=id&limit=1&id[in]=${listed},17,18`);
  assert.equal(paged.status, 400); // 1,001 values
});

test('what is misspelt among thousands of long names costs little, and the error is short', async () => {
  const names = Array.from({ length: 4_096 }, (_, i) => column(`${i}_${'name'.repeat(900)}`));
  await load(query.redis, 'names', ['{"a":1}'], { columns: names });
  await query.get('/v1/datasets/names/records?limit=1');
  const before = process.cpuUsage();
  for (let i = 0; i < 20; i++) {
    const { status, bytes } = await query.get(`/v1/datasets/names/records?unknown${i}${'x'.repeat(60)}=1`);
    assert.equal(status, 400);
    assert.ok(bytes.length < 8_192, `${bytes.length} bytes`);
  }
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 2_000_000, `20 such questions took ${(user + system) / 1000} ms of processor time`);
});

test('a data set that does not exist is looked for among few names, and deleted ones are forgotten', async () => {
  for (let i = 0; i < 20; i++) {
    await load(query.redis, `gone${i}`, ['{"a":1}'], { columns: [column('a', 'integer')] });
    await deleteDataset(query.redis, `gone${i}`);
  }
  assert.deepEqual(
    (await query.redis.smembers('ds:list')).filter((id) => id.startsWith('gone')),
    [],
  );
  // As older versions left them.
  await query.redis.sadd('ds:list', ...Array.from({ length: 4_000 }, (_, i) => `dead${i}`));
  const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await query.redis.info('stats'))?.[1]);
  const before = await commands();
  for (let i = 0; i < 50; i++) assert.equal((await query.get(`/v1/datasets/nowhere${i}/records`)).status, 404);
  assert.ok((await commands()) - before < 1_500, `${(await commands()) - before} commands`);
  for (let i = 0; i < 5; i++) {
    await load(query.redis, 'again', ['{"a":1}'], { columns: [column('a', 'integer')] });
    await deleteDataset(query.redis, 'again');
  }
  assert.ok((await query.redis.scard('ds:list')) < 4_050);
});

test('searches: few at once, others wait their turn up to the share of a caller, too many or too long are refused', async () => {
  const few = await startQuery(32 * MB, { COURSE_EDITION: 'seed' }, { atOnce: 1, waiting: 6, waitMs: 5_000, cpuMs: 60_000 });
  const rows = Array.from({ length: 60_000 }, (_, i) => `{"id":${i},"t":"Ä${i}\\"${i}"}`);
  await load(few.redis, 'many', rows, { key: 'id', columns: [column('id', 'integer'), column('t')] });
  await few.get('/data?dataset=many&limit=1');
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => few.get<unknown[]>(`/data?dataset=many&search=${59_990 + i}`)));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 200, 200, 200, 503, 503, 503, 503, 503, 503]);
  for (const { status, json, headers } of answers) {
    if (status === 200) assert.ok(json.length >= 1);
    else assert.ok(Number(headers['retry-after']) >= 1);
  }
  await few.end();

  const short = await startQuery(32 * MB, { COURSE_EDITION: 'seed' }, { cpuMs: 5 });
  await load(short.redis, 'many', rows, { key: 'id', columns: [column('id', 'integer'), column('t')] });
  const { status, json } = await short.get<{ message: string }>('/data?dataset=many&search=zzz');
  assert.deepEqual([status, /processor time.*limit is 5 ms/.test(json.message)], [400, true]);
  const filtered = await short.get('/v1/datasets/many/records?t[like]=*zzz*');
  assert.deepEqual([filtered.status, (filtered.json as unknown as { limit: number }).limit], [400, 5]);
  await short.end();
});

/** A client that sends a request and never reads the answer. */
function deaf(port: number, path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      socket.pause();
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

test('a hundred readers that do not read hold little memory, and others are answered', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `{"id":${i},"t":"${String(Math.sin(i)).repeat(15)}"}`);
  await load(query.redis, 'long', rows, { key: 'id', columns: [column('id', 'integer'), column('t')] });
  const port = Number(new URL(await query.app.listen({ port: 0, host: '127.0.0.1' })).port);
  await query.get('/v1/datasets/long/records?limit=1');
  const before = process.memoryUsage();
  const paths = ['long.csv', 'long.ndjson', 'long.json', 'long.arrow', 'large/records?limit=10000'];
  const sockets = await Promise.all(Array.from({ length: 100 }, (_, i) => deaf(port, `/v1/datasets/${paths[i % paths.length]}`)));
  await sleep(1_500);
  const { arrayBuffers, external } = process.memoryUsage();
  const held = arrayBuffers + external - before.arrayBuffers - before.external;
  // The budget (64 MB), and for each reader what was rendered and the kernel did not take.
  assert.ok(held < 160 * MB, `${Math.round(held / MB)} MB`);
  assert.equal((await query.get('/v1/datasets/long/records/17')).status, 200);
  for (const socket of sockets) socket.destroy();
});
