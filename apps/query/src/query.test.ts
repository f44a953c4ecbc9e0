import assert from 'node:assert/strict';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { after, before, test } from 'node:test';
import { comparable, compileTests } from '@almanac/analysis';
import { Dictionary, tableFromIPC } from 'apache-arrow';
import { eachRow, RowScanner } from './rows/row-scanner.ts';
import { column, load, type Page, startQuery, stoneRows, stones, type TestQuery } from './testing.ts';

let query: TestQuery;
const rows = stoneRows(2_000);
const records = rows.map((row) => JSON.parse(row) as Record<string, unknown>);
let version: string;
const base = '/v1/datasets/stones/records';
before(async () => {
  query = await startQuery();
  ({ version } = await load(query.redis, 'stones', rows));
});
after(() => query.end());

const type = (headers: Record<string, unknown>) => String(headers['content-type']).split(';')[0];

test('a page is the rows as they were stored, in an envelope or as a list', async () => {
  const { headers, text, json } = await query.get<Page>(`${base}?limit=3&offset=500`);
  assert.ok(text.startsWith(`{"items":[${rows.slice(500, 503).join(',\n')}],`));
  assert.deepEqual([json.numberReturned, json.numberMatched, json.version], [3, 2_000, version]);
  assert.equal(Number(headers['content-length']), Buffer.byteLength(text));
  assert.equal(headers['almanac-version'], version);
  assert.equal(headers['almanac-records'], '2000');
  assert.match(String(headers.link), /rel="self", <[^>]*offset=503>; rel="next", <[^>]*offset=497>; rel="prev", <[^>]*>; rel="first"/);
  assert.equal(headers['cache-control'], 'no-cache');
  assert.ok(headers['x-request-id']);
  assert.equal((await query.get(`${base}?shape=array&limit=2`)).text, `[${rows.slice(0, 2).join(',\n')}]`);
  assert.deepEqual((await query.get<Page>(`${base}?offset=999999`)).json.items, []);
  assert.equal((await query.get<Page>(base)).json.items.length, 50);
});

test('paging by any limit visits every record once, and back again, with a filter and chosen fields too', async () => {
  for (const [parameters, expected] of [
    ['limit=331', records.map(({ id }) => id)],
    ['fields=id&limit=97&fell=true', records.filter(({ fell }) => fell === true).map(({ id }) => id)],
    [
      'limit=211&mass%20(g)[gte]=25&name[ne]=a,b',
      records.filter((r) => Number(r['mass (g)'] ?? 0) >= 25 && r.name !== 'a,b').map(({ id }) => id),
    ],
  ] as const) {
    const seen: unknown[] = [];
    let last = '';
    for (let next: string | undefined = `${base}?${parameters}`; next !== undefined; ) {
      last = next;
      const { json }: { json: Page } = await query.get<Page>(next);
      assert.equal(json.numberMatched, expected.length);
      seen.push(...json.items.map(({ id }) => id));
      next = json.links.find(({ rel }) => rel === 'next')?.href;
    }
    assert.deepEqual(seen, expected);
    let pages = 0;
    for (let prev: string | undefined = last; prev !== undefined; pages++)
      prev = (await query.get<Page>(prev)).json.links.find(({ rel }) => rel === 'prev')?.href;
    assert.ok(pages >= Math.floor(expected.length / 331));
  }
});

test('filters agree with testing every record, for every operator, type and mixture', async () => {
  const asked: [string, string, string][] = [
    ['id', 'lt', '100'],
    ['id', 'in', '5,7,1999,5000'],
    ['name', 'eq', 'a,b'],
    ['name', 'eq', ''],
    ['name', 'ne', 'Ōtsu'],
    ['name', 'in', 'a\\,b,Aachen,'],
    ['name', 'like', '*s*h*'],
    ['name', 'gt', 'B'],
    ['mass (g)', 'eq', ''],
    ['mass (g)', 'gte', '12.5'],
    ['mass (g)', 'not.lt', '1e1'],
    ['seen', 'gte', '1970-01-20'],
    ['seen', 'lt', '1970-012T00:00:00Z'],
    ['fell', 'eq', 'true'],
    ['fell', 'ne', 'true'],
    ['geo', 'like', '*inner*'],
    ['geo', 'not.eq', ''],
  ];
  for (const [i, first] of asked.entries()) {
    const chosen = [first, asked[(i * 7 + 3) % asked.length] as [string, string, string]];
    for (const some of first === chosen[1] ? [[first]] : [[first], chosen]) {
      const tests = compileTests(
        some.map(([name, operator, value]) => ({
          column: name,
          operator,
          value: operator === 'in' ? (name === 'name' ? ['a,b', 'Aachen', ''] : value.split(',')) : value,
        })),
        stones.columns,
      );
      const url = some
        .map(([name, operator, value]) => `field.${encodeURIComponent(name)}[${operator}]=${encodeURIComponent(value)}`)
        .join('&');
      const expected = records.filter((record) => tests.every((one) => one.accepts(comparable(one.column.type, record[one.column.name]))));
      const { json } = await query.get<Page>(`${base}?limit=all&${url}`);
      assert.deepEqual([json.items, json.numberMatched, json.numberReturned], [expected, expected.length, expected.length], url);
    }
  }
});

test('chosen fields come in the order asked, their literals as written, missing as null', async () => {
  await load(query.redis, 'exact', ['{"b":1.50,"a":9007199254740993}', '{"a":-0.0}', '{"c":[ ],"b":2,"a":1}'.replace(' ', '')], {
    columns: [column('a', 'integer'), column('b', 'number'), column('c', 'json')],
  });
  const at = '/v1/datasets/exact/records';
  assert.equal(
    (await query.get(`${at}?fields=b,a&shape=array`)).text,
    '[{"b":1.50,"a":9007199254740993},\n{"b":null,"a":-0.0},\n{"b":2,"a":1}]',
  );
  assert.equal((await query.get(`${at}?f=csv`)).text, 'a,b,c\r\n9007199254740993,1.50,\r\n-0.0,,\r\n1,2,[]\r\n');
  assert.equal((await query.get(`${at}?f=ndjson&fields=a`)).text, '{"a":9007199254740993}\n{"a":-0.0}\n{"a":1}\n');
  assert.equal((await query.get(`${at}/1`)).text, '{"a":-0.0}');
  assert.equal((await query.get(`${at}/0?fields=a`)).text, '{"a":9007199254740993}');
});

test('the form comes from f, else from Accept, and there is no fifth', async () => {
  for (const [path, accept, expected] of [
    ['', undefined, 'application/json'],
    ['', 'text/csv', 'text/csv'],
    ['', 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['', 'application/json;q=0.5, application/x-ndjson', 'application/x-ndjson'],
    ['', 'text/*', 'text/csv'],
    ['', 'application/json;q=0, */*', 'text/csv'],
    ['?f=csv', 'application/json', 'text/csv'],
    ['?f=arrow', undefined, 'application/vnd.apache.arrow.stream'],
  ] as const) {
    const { status, headers } = await query.get(`${base}${path}`, accept === undefined ? {} : { accept });
    assert.deepEqual([status, type(headers)], [200, expected], `${path} ${accept}`);
    assert.equal(headers.vary, 'accept');
  }
  for (const [path, accept] of [
    ['?f=pdf', '*/*'],
    ['', 'image/png'],
  ] as const) {
    const { status, json } = await query.get(`${base}${path}`, { accept });
    assert.equal(status, 406);
    assert.match(json.detail, /csv.*arrow/);
  }
});

/** RFC 4180, read by the book. */
function parseCsv(text: string): string[][] {
  const found: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    found.at(-1)?.push(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'));
    if (end === '\r\n') found.push([]);
    if (end === '') break;
  }
  return found.slice(0, -1);
}

test('the whole set in every form is every record, and the same ones', async () => {
  const json = await query.get('/v1/datasets/stones.json');
  assert.equal(json.text, `[${rows.join(',\n')}]`);
  assert.equal(Number(json.headers['content-length']), json.bytes.length);
  assert.equal(json.headers['content-disposition'], 'attachment; filename="stones.json"');
  const ndjson = await query.get('/v1/datasets/stones.ndjson');
  assert.equal(ndjson.text, `${rows.join('\n')}\n`);
  assert.equal(Number(ndjson.headers['content-length']), ndjson.bytes.length);
  const all = await query.get<Page>(`${base}?limit=all`);
  assert.equal(all.json.items.length, 2_000);
  assert.equal(Number(all.headers['content-length']), all.bytes.length);
  assert.equal((await query.get<Page>(`${base}?limit=all&offset=1990`)).json.items.length, 10);

  const [header, ...lines] = parseCsv((await query.get('/v1/datasets/stones.csv')).text);
  assert.deepEqual(header, ['id', 'name', 'mass (g)', 'seen', 'fell', 'geo']);
  const cell = (value: unknown) =>
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  assert.deepEqual(
    lines,
    records.map((record) => stones.columns.map(({ name }) => cell(record[name]))),
  );
  assert.equal(
    (await query.get('/v1/datasets/stones.csv?fields=id&fell=true')).text.trim().split('\r\n').length,
    1 + records.filter(({ fell }) => fell === true).length,
  );
});

test('columns sent as text come out as what they are, in every form', async () => {
  await load(
    query.redis,
    'texts',
    Array.from({ length: 3_000 }, (_, i) => `{"id":"${i}","mass":"${i === 1 ? '' : '2.50'}"}`),
    {
      key: 'id',
      columns: [column('id', 'integer', { asStored: false }), column('mass', 'number', { asStored: false })],
    },
  );
  assert.equal((await query.get('/v1/datasets/texts/records?limit=2&shape=array')).text, '[{"id":0,"mass":2.50},\n{"id":1,"mass":null}]');
  const whole = await query.get<object[]>('/v1/datasets/texts.json');
  assert.deepEqual([whole.json.length, whole.json[2_999]], [3_000, { id: 2999, mass: 2.5 }]);
  assert.equal((await query.get<Page>('/v1/datasets/texts/records?mass=&limit=1')).json.numberMatched, 1);
  assert.equal((await query.get('/v1/datasets/texts/records/7')).text, '{"id":7,"mass":2.50}');
});

/** As the renderer asks for values to draw. */
const plain = { accept: 'application/vnd.apache.arrow.stream; profile=plain' };

test('a plain Arrow stream holds the same values, whole, filtered, paged and empty', async () => {
  for (const [parameters, keeps] of [
    ['limit=all', () => true],
    ['limit=all&fell=true', (r: Record<string, unknown>) => r.fell === true],
    ['limit=all&id=-5', () => false],
    ['limit=7&offset=1995', (r: Record<string, unknown>) => Number(r.id) >= 1995],
  ] as const) {
    const expected = records.filter(keeps);
    const { bytes, headers } = await query.get(`${base}?f=arrow&${parameters}&fields=seen,name,mass%20(g),fell,geo`, plain);
    const table = tableFromIPC(bytes);
    assert.equal(table.numRows, expected.length, parameters);
    if (parameters.includes('all')) assert.equal(headers['almanac-records'], String(expected.length));
    assert.deepEqual(
      table.schema.fields.map(({ name }) => name),
      ['seen', 'name', 'mass (g)', 'fell', 'geo'],
    );
    assert.deepEqual(
      [...(table.schema.fields[2]?.metadata ?? [])],
      [
        ['type', 'number'],
        ['title', 'mass'],
        ['unit', 'g'],
      ],
    );
    assert.ok(table.schema.fields[1]?.type instanceof Dictionary);
    const values = (name: string) =>
      [...(table.getChild(name) ?? [])].map((value) => (typeof value === 'number' && Number.isNaN(value) ? 'NaN' : value));
    assert.deepEqual(
      values('mass (g)'),
      expected.map((r) => r['mass (g)'] ?? 'NaN'),
    );
    assert.deepEqual(
      values('seen'),
      expected.map((r) => (r.seen === null ? 'NaN' : Date.parse(String(r.seen)))),
    );
    assert.deepEqual(
      values('fell'),
      expected.map((r) => (r.fell === null ? 'NaN' : Number(r.fell))),
    );
    assert.deepEqual(
      values('name'),
      expected.map((r) => r.name || null),
    );
    assert.deepEqual(
      values('geo'),
      expected.map((r) => (r.geo === null ? null : JSON.stringify(r.geo))),
    );
  }
});

test('more than one batch: 70,000 rows arrive in order, dictionary and all', async () => {
  const many = Array.from({ length: 70_000 }, (_, i) => `{"n":${i},"t":"${i % 3 === 0 ? '' : `k${i % 5}`}"}`);
  await load(query.redis, 'many', many, { columns: [column('n', 'integer'), column('t')] });
  const table = tableFromIPC((await query.get('/v1/datasets/many/records?f=arrow&limit=all', plain)).bytes);
  assert.equal(table.batches.length, 2);
  const [n, t] = [table.getChild('n'), table.getChild('t')];
  for (let i = 0; i < 70_000; i += 997) assert.deepEqual([n?.get(i), t?.get(i)], [i, i % 3 === 0 ? null : `k${i % 5}`]);
});

test('an answer the client has is 304; another form, query or version has another tag', async () => {
  const paths = [
    base,
    `${base}?limit=5`,
    `${base}?f=csv`,
    `${base}/7`,
    '/v1/datasets/stones',
    '/v1/datasets/stones.csv',
    '/v1/datasets/stones.json',
  ];
  const tags = new Set<string>();
  for (const path of paths) {
    const etag = String((await query.get(path)).headers.etag);
    assert.ok(etag.startsWith(`"${version}`), etag);
    tags.add(etag);
    for (const known of [etag, `"x", W/${etag}`, '*']) {
      const { status, text, headers } = await query.get(path, { 'if-none-match': known });
      assert.deepEqual([status, text, headers.etag], [304, '', etag], `${path} ${known}`);
    }
    assert.equal((await query.get(path, { 'if-none-match': '"other"' })).status, 200);
  }
  assert.equal(tags.size, paths.length);
  assert.notEqual((await query.get(base, { accept: 'text/csv' })).headers.etag, (await query.get(base)).headers.etag);
});

test('lists are conditional too: the same until a data set changes', async () => {
  for (const path of ['/v1/datasets', '/v1/datasets/stones/rejects']) {
    const etag = String((await query.get(path)).headers.etag);
    assert.equal((await query.get(path, { 'if-none-match': etag })).status, 304, path);
    assert.notEqual((await query.get(`${path}?limit=1`)).headers.etag, etag, path);
  }
  const before = String((await query.get('/v1/datasets')).headers.etag);
  await load(query.redis, 'newest', ['{"a":1}'], { columns: [column('a', 'integer')] });
  assert.equal((await query.get('/v1/datasets', { 'if-none-match': before })).status, 200);
});

test('who does not need the number of matches can leave it out', async () => {
  const { json } = await query.get<Page>(`${base}?count=none&fell=true&limit=3`);
  assert.deepEqual([json.numberReturned, 'numberMatched' in json, json.links.some(({ rel }) => rel === 'next')], [3, false, true]);
  assert.equal((await query.get<Page>(`${base}?count=exact&limit=3`)).json.numberMatched, 2_000);
});

test('HEAD is GET without the body', async () => {
  for (const path of [
    base,
    `${base}?f=arrow`,
    `${base}/7`,
    '/v1/datasets',
    '/v1/datasets/stones',
    '/v1/datasets/stones.csv',
    '/v1/datasets/stones/rejects',
  ]) {
    const [head, get] = [await query.get(path, {}, 'HEAD'), await query.get(path)];
    assert.deepEqual([head.status, head.bytes.length], [200, 0], path);
    for (const name of ['content-type', 'etag', 'content-length', 'almanac-version'])
      assert.equal(head.headers[name], get.headers[name], `${path} ${name}`);
  }
});

const bad: [string, number, string, RegExp][] = [
  [`${base}?limit=abc`, 400, 'invalid-parameter', /limit.*abc/],
  [`${base}?limit=-1`, 400, 'invalid-parameter', /limit.*-1/],
  [`${base}?limit=0`, 400, 'invalid-parameter', /limit/],
  [`${base}?limit=1.5`, 400, 'invalid-parameter', /limit/],
  [`${base}?limit=10001`, 400, 'invalid-parameter', /10000/],
  [`${base}?limit=`, 400, 'invalid-parameter', /limit/],
  [`${base}?limit=5&limit=6`, 400, 'invalid-parameter', /limit.*once/],
  [`${base}?count=maybe`, 400, 'invalid-parameter', /exact or none/],
  [`${base}?offset=-5`, 400, 'invalid-parameter', /offset.*-5/],
  [`${base}?offset=1e3`, 400, 'invalid-parameter', /offset/],
  [`${base}?limt=5`, 400, 'unknown-parameter', /limt.*did you mean 'limit'/],
  [`${base}?__proto__=5`, 400, 'unknown-parameter', /__proto__/],
  [`${base}?fields=id,mass`, 400, 'unknown-column', /'mass' \(did you mean 'mass \(g\)'\?\)/],
  [`${base}?fields=`, 400, 'unknown-column', /fields|column/],
  [`${base}?fields=id,id`, 400, 'invalid-parameter', /twice/],
  [`${base}?field.clas=L5`, 400, 'unknown-column', /clas/],
  [`${base}?mas[gte]=5`, 400, 'unknown-column', /mas.*mass \(g\)/],
  [`${base}?field.id[above]=1`, 400, 'invalid-parameter', /above/],
  [`${base}?id[gte]=many`, 400, 'invalid-parameter', /many.*number/],
  [`${base}?seen[gte]=soon`, 400, 'invalid-parameter', /time/],
  [`${base}?shape=list`, 400, 'invalid-parameter', /array/],
  [`${base}?f=pdf`, 406, 'not-acceptable', /csv/],
  [`${base}?version=old`, 400, 'invalid-parameter', /old/],
  [`${base}?version=99-0123456789abcdef`, 410, 'gone', /99/],
  [`${base}/99999`, 404, 'unknown-record', /'id' is '99999'/],
  [`${base}/7?limit=5`, 400, 'unknown-parameter', /limit/],
  [`${base}/7?f=csv`, 406, 'not-acceptable', /json/],
  ['/v1/datasets/stoness/records', 404, 'unknown-dataset', /did you mean 'stones'/],
  ['/v1/datasets/Sto}nes%2F/records', 404, 'unknown-dataset', /Sto/],
  ['/v1/datasets/stones.pdf', 404, 'unknown-dataset', /stones\.pdf/],
  ['/v1/datasets/stones.csv?f=json', 400, 'invalid-parameter', /extension/],
  ['/v1/datasets/stones?limit=5', 400, 'unknown-parameter', /limit/],
  ['/v1/datasets/nothing', 404, 'unknown-dataset', /nothing/],
  ['/v1/datasets/nothing/rejects', 404, 'unknown-dataset', /nothing/],
  ['/v1/datasets/stones/rejects?limit=x', 400, 'invalid-parameter', /limit/],
  ['/v1/datasets?limit=0', 400, 'invalid-parameter', /limit/],
  ['/v1/datasets?limt=1', 400, 'unknown-parameter', /limit/],
];
test('whatever is wrong is named with what would be right', async () => {
  for (const [path, status, problem, detail] of bad) {
    const { json, headers, text } = await query.get(path);
    assert.equal(json?.status, status, `${path}: ${text}`);
    assert.equal(json.type, `/problems/${problem}`, path);
    assert.match(json.detail, detail, path);
    assert.equal(type(headers), 'application/problem+json');
  }
});

test('columns named like parameters, with brackets or commas are reached all the same', async () => {
  const names = ['limit', 'speed [km]', 'a,b', 'field.x', 'q"uote', '__proto__'];
  const values = Object.fromEntries(names.map((name, i) => [name, i]).filter(([name]) => name !== '__proto__'));
  const row = `${JSON.stringify(values).slice(0, -1)},"__proto__":5}`;
  await load(query.redis, 'odd', [row, '{"limit":9}'], { columns: names.map((name) => column(name, 'integer')) });
  const at = '/v1/datasets/odd/records?shape=array';
  for (const [i, name] of names.entries()) {
    assert.equal((await query.get(`${at}&field.${encodeURIComponent(name)}=${i}`)).text, `[${row}]`, name);
    assert.equal((await query.get(`${at}&field.${encodeURIComponent(name)}[gte]=${i}&limit=1`)).text, `[${row}]`, name);
    const listed = encodeURIComponent(name.replaceAll(',', '\\,'));
    assert.equal((await query.get(`${at}&fields=${listed}&limit=1`)).text, `[{${JSON.stringify(name)}:${i}}]`, name);
  }
});

test('data sets are described and listed, rejects are paged', async () => {
  const { json } = await query.get<Record<string, unknown>>('/v1/datasets/stones');
  assert.deepEqual([json.id, json.rows, json.key, json.version], ['stones', 2_000, 'id', version]);
  const list = (await query.get<Page>('/v1/datasets?limit=2&offset=1')).json;
  assert.equal(list.numberReturned, 2);
  assert.ok(list.numberMatched >= 4);
  assert.deepEqual(list.links.map(({ rel }) => rel).includes('next'), true);
  assert.ok((await query.get<Page>('/v1/datasets')).json.items.some(({ id, columns }) => id === 'stones' && columns === 6));
  const { StagedGeneration } = await import('@almanac/store');
  const staged = new StagedGeneration(query.redis, 'ragged');
  await staged.add('{"a":1}');
  for (let row = 1; row <= 60; row++) await staged.reject({ row, reason: '1 field', raw: `r${row}` });
  await staged.commit({ schema: { columns: [column('a', 'integer')] }, evidence: {}, op: 'replace' });
  const rejects = (await query.get<Page>('/v1/datasets/ragged/rejects?offset=50')).json;
  assert.deepEqual([rejects.numberReturned, rejects.numberMatched, rejects.items[0]], [10, 60, { row: 51, reason: '1 field', raw: 'r51' }]);
  assert.deepEqual((await query.get<Page>('/v1/datasets/ragged/rejects?offset=500')).json.items, []);
});

test('a read sees every write acknowledged before it, and a pinned one sees what it names', async () => {
  const first = await load(query.redis, 'counter', ['{"id":"x","n":0}'], { key: 'id', columns: [column('id'), column('n', 'integer')] });
  for (let n = 1; n <= 20; n++) {
    await load(query.redis, 'counter', [`{"id":"x","n":${n}}`], { key: 'id', columns: [column('id'), column('n', 'integer')] });
    const [one, page, filtered] = await Promise.all([
      query.get<{ n: number }>('/v1/datasets/counter/records/x'),
      query.get<Page>('/v1/datasets/counter/records'),
      query.get<Page>(`/v1/datasets/counter/records?n=${n}`),
    ]);
    assert.deepEqual([one.json.n, page.json.items[0]?.n, filtered.json.numberMatched], [n, n, 1]);
    if (n === 1) assert.equal((await query.get<{ n: number }>(`/v1/datasets/counter/records/x?version=${first.version}`)).json.n, 0);
  }
});

test('rows are read member by member as JSON.parse reads them', () => {
  const names = ['a', 'b"', 'c\\', 'd'];
  const tricky = [
    '{}',
    '{"a":"x\\\\","b\\"":[{"a":"]}"}],"c\\\\":{"d":"}"},"d":-1e5}',
    '{"d":null,"\\u0061":"\\"","a":2}',
    '{"z":",\\n{","a":true}',
  ];
  const scanner = new RowScanner(names);
  for (let pass = 0; pass < 2; pass++) {
    let i = 0;
    eachRow(tricky.join(',\n'), scanner, () => {
      const expected = JSON.parse(tricky[i++] as string) as Record<string, unknown>;
      for (const [place, name] of names.entries()) {
        const token = scanner.token(place);
        assert.deepEqual(token === undefined ? undefined : JSON.parse(token), expected[name], `${tricky[i - 1]} ${name}`);
      }
    });
    assert.equal(i, tricky.length);
  }
});

test('a download that is given up stops, and one that is read slowly is whole', async () => {
  const wide = Array.from({ length: 40_000 }, (_, i) => `{"n":${i},"t":"${String(Math.sin(i)).repeat(25)}"}`);
  await load(query.redis, 'large', wide, { columns: [column('n', 'integer'), column('t')] });
  const address = await query.app.listen({ port: 0, host: '127.0.0.1' });
  const open = (path: string) =>
    new Promise<IncomingMessage>((resolve, reject) => httpGet(`${address}${path}`, { agent: false }, resolve).on('error', reject));
  const ended = new Promise<void>((resolve) => {
    query.app.server.once('request', (_, response) => response.once('close', () => resolve()));
  });
  const given = await open('/v1/datasets/large.csv');
  await new Promise((resolve) => given.once('data', resolve));
  given.destroy();
  await ended;
  // Without a known length too: every piece of a long chunked answer arrives.
  const lines = Buffer.concat(await (await open('/v1/datasets/large.csv')).toArray())
    .toString()
    .split('\r\n');
  assert.deepEqual(
    lines.slice(1, -1).map((line) => Number(line.split(',')[0])),
    wide.map((_, i) => i),
  );
  const slow = await open('/v1/datasets/large.json');
  const pieces: Buffer[] = [];
  for await (const piece of slow) {
    pieces.push(piece as Buffer);
    if (pieces.length % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(Buffer.concat(pieces).toString(), `[${wide.join(',\n')}]`);
  assert.equal(Number(slow.headers['content-length']), Buffer.concat(pieces).length);
});

test('answers are counted, and tell callers to let go while the service stops', async () => {
  const metrics = (await query.get('/metrics')).text;
  assert.match(metrics, /http_request_duration_seconds_count\{[^}]*route="\/v1\/datasets\/:id\/records\/:key"[^}]*\} [1-9]/);
  query.app.drain.isDraining = true;
  for (const path of [base, `${base}/7`]) assert.equal((await query.get(path, { 'x-request-id': 'mine' })).headers.connection, 'close');
  query.app.drain.isDraining = false;
  assert.equal((await query.get(`${base}/7`, { 'x-request-id': 'mine' })).headers['x-request-id'], 'mine');
});

test('without the store every read is 503 at once, and right again when it is back', async () => {
  await query.store.kill();
  const before = performance.now();
  for (const path of [
    '/v1/datasets',
    '/v1/datasets/stones',
    '/v1/datasets/stones/rejects',
    base,
    `${base}/7`,
    `${base}?fell=true`,
    '/v1/datasets/stones.csv',
    '/readyz',
  ]) {
    const { status, headers } = await query.get(path);
    assert.equal(status, 503, path);
    assert.ok(Number(headers['retry-after']) >= 1, path);
  }
  assert.ok(performance.now() - before < 5_000);
  await query.store.start();
  if (query.redis.status !== 'ready') await new Promise((resolve) => query.redis.once('ready', resolve));
  await load(query.redis, 'stones', rows.slice(0, 10));
  assert.equal((await query.get<Page>(base)).json.numberMatched, 10);
  assert.equal((await query.get('/readyz')).status, 200);
});

test('behind a path prefix, the links of a list and of a description carry it', async () => {
  const headers = { 'x-forwarded-prefix': '/almanac' };
  const hrefs = (body: { links: { href: string }[] }) => body.links.map(({ href }) => href);
  const { items, links } = JSON.parse((await query.get('/v1/datasets', headers)).text);
  const one = items[0].id as string;
  const description = JSON.parse((await query.get(`/v1/datasets/${one}`, headers)).text);
  const plain = JSON.parse((await query.get(`/v1/datasets/${one}`)).text);
  for (const body of [items[0], description])
    assert.deepEqual(
      hrefs(body),
      hrefs(plain).map((href) => `/almanac${href}`),
    );
  assert.deepEqual({ ...description, links: [] }, { ...plain, links: [] });
  assert.ok(hrefs({ links }).every((href) => href.startsWith('/almanac/')));
});
