import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Problem } from '@almanac/domain';
import { tableFromIPC } from 'apache-arrow';
import { load, type Page, startQuery, stoneRows } from '../../testing.ts';

const query = await startQuery();
after(() => query.end());
await load(query.redis, 'stones', stoneRows(3000));

async function search(body: unknown, { path = '/v1/datasets/stones/search', headers = {} as Record<string, string> } = {}) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await query.app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  const isJson = /[/+]json/.test(String(answer.headers['content-type']));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: answer.rawPayload,
    json: (isJson ? answer.json() : {}) as Page & Problem,
  };
}

test('a search returns what the same filter in a URL returns, in every form', async () => {
  const where = { fell: true, 'mass (g)': { gte: 10, lt: 40 }, name: ['a,b', 'Ōtsu', 'back\\slash\\'] };
  const url =
    '/v1/datasets/stones/records?fell=true&mass%20(g)[gte]=10&mass%20(g)[lt]=40&name[in]=a%5C,b,%C5%8Ctsu,back%5C%5Cslash%5C%5C&fields=id,name';
  for (const f of ['json', 'csv', 'ndjson', 'arrow']) {
    const [found, expected] = [
      await search({ where, fields: ['id', 'name'], limit: 'all' }, { path: `/v1/datasets/stones/search?f=${f}` }),
      await query.get(`${url}&limit=all&f=${f}`),
    ];
    assert.equal(found.status, 200);
    assert.equal(found.headers['almanac-records'], expected.headers['almanac-records']);
    if (f === 'json') assert.deepEqual(found.json.items, expected.json.items);
    else assert.ok(found.bytes.equals(expected.bytes), f);
  }
  const accept = { accept: 'application/vnd.apache.arrow.stream' };
  assert.ok(tableFromIPC((await search({ where, limit: 'all' }, { headers: accept })).bytes).numRows > 0);
});

test('a list of ten thousand values fits, which no URL would take', async () => {
  const ids = Array.from({ length: 999 }, (_, i) => 1_000_000_000 + i);
  const { status, json } = await search({ where: { id: [...ids, 17] }, version: 'latest' });
  assert.deepEqual([status, json.numberMatched, json.items[0]?.id], [200, 1, 17]);
});

test('pages: what the URL says wins over the body, so the next link continues with the same body', async () => {
  const body = { where: { id: { lt: 30 } }, fields: ['id'], limit: 10 };
  const first = await search(body);
  assert.deepEqual([first.json.items.length, first.json.numberMatched], [10, 30]);
  const { href } = first.json.links.find(({ rel }) => rel === 'next')!;
  const second = await search(body, { path: href });
  assert.deepEqual([second.json.items[0], second.json.items.length], [{ id: 10 }, 10]);
});

test('a tag that the caller has makes no 304: the body decides as well', async () => {
  const first = await search({ where: { id: 1 } });
  const second = await search({ where: { id: 2 } }, { headers: { 'if-none-match': String(first.headers.etag) } });
  assert.deepEqual([second.status, second.json.items[0]?.id], [200, 2]);
});

const deep = (levels: number) => `{"where":${'{"id":'.repeat(levels)}1${'}'.repeat(levels)}}`;
const wrong: [string, unknown, number, RegExp][] = [
  ['no JSON', '{', 400, /JSON|body/i],
  ['a list', [], 400, /must be an object/],
  ['null', 'null', 400, /not an object|empty|body/i],
  ['an unknown member', { wher: {} }, 400, /'wher' \(did you mean 'where'\?\)/],
  ['where as a list', { where: [] }, 400, /must be an object/],
  ['an unknown column', { where: { nam: 'x' } }, 400, /'nam' \(did you mean 'name'\?\)/],
  ['a member that every object has', { where: { constructor: 'x' } }, 400, /constructor/],
  ['an unknown comparison', { where: { id: { above: 1 } } }, 400, /where\/id: must have operators/],
  ['no comparison', { where: { id: {} } }, 400, /must have operators/],
  ['an empty list', { where: { id: [] } }, 400, /at least one/],
  ['a list of lists', { where: { id: [[1]] } }, 400, /a list must hold/],
  ['a word as a number', { where: { id: 'many' } }, 400, /a number/],
  ['5,000 levels', deep(5000), 400, /nested too deeply/],
  ['100,000 levels', deep(100_000), 400, /nested too deeply/],
  ['too many values', { where: { id: Array.from({ length: 10_001 }, (_, i) => i) } }, 400, /10,001 values, the limit is 10,000/],
  ['too many values of in', { where: { id: { in: Array.from({ length: 10_001 }, () => 1) } } }, 400, /10,001 values/],
  ['too many comparisons', { where: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`c${i}`, 1])) }, 400, /51 values/],
  ['too many bytes', { where: { name: 'x'.repeat(1024 * 1024) } }, 413, /1,048,576 bytes/],
  ['a limit that is none', { limit: 1e9 }, 400, /limit/],
  ['an offset that is none', { offset: -1 }, 400, /offset/],
  ['fields as a number', { fields: 5 }, 400, /list of column names/],
  ['an unknown field', { fields: ['nam'] }, 400, /'nam'/],
  ['a version that is none', { version: 'x' }, 400, /version/],
  ['a version as a number', { version: 0 }, 400, /version: '0' must be a string/],
  ['a limit as a text', { limit: '5' }, 400, /limit: '"5"' must be an integer of at least 1, or "all"/],
  ['a part of an offset', { offset: 0.5 }, 400, /offset: '0.5' must be an integer of at least 0/],
];
for (const [name, body, status, detail] of wrong) {
  test(`refused: ${name}`, async () => {
    const answer = await search(body);
    assert.equal(answer.status, status, JSON.stringify(answer.json).slice(0, 300));
    assert.match(answer.json.detail, detail);
    assert.ok(answer.bytes.length < 4000);
  });
}

test('an unknown data set is 404, as for GET', async () => {
  const { status, json } = await search({}, { path: '/v1/datasets/none/search' });
  assert.deepEqual([status, json.type], [404, '/problems/unknown-dataset']);
});
