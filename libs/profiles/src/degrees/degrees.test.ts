import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptySet } from '../record-set.ts';
import { ask, jsonOf, setOf } from '../testing.ts';
import { degrees } from './index.ts';

const { source } = degrees;
const set = setOf('records' in source ? source.records() : [], { key: 'id' });

for (const [url, ids] of [
  ['/degrees', [0, 1, 2, 3, 4]],
  ['/degrees?start=1993', [3, 4]],
  ['/degrees?limit=2&offset=1', [1, 2]],
  ['/degrees?start=1991&limit=1', [1]],
  ['/degrees?limit=0', []],
  ['/degrees?offset=99', []],
  ['/degrees?limit=10000000000000000000', [0, 1, 2, 3, 4]],
  ['/degrees?start=-5', [0, 1, 2, 3, 4]],
] as const) {
  test(`GET ${url}`, async () => {
    const found = await jsonOf<{ id: number }[]>(ask(degrees, url, set));
    assert.deepEqual(
      found.map(({ id }) => id),
      ids,
    );
  });
}

test('a start that is no integer gets the course’s sentence', async () => {
  for (const start of ['abc', '1.5', ' '])
    assert.deepEqual(await ask(degrees, `/degrees?start=${encodeURIComponent(start)}`, set), {
      kind: 'text',
      status: 400,
      text: 'Invalid start parameter; start must be an integer.',
    });
});

test('one year, and its number alone', async () => {
  assert.deepEqual(await jsonOf(ask(degrees, '/degrees/2', set)), { id: 2, year: 1992, degrees: 6005 });
  assert.deepEqual(await ask(degrees, '/degrees/2/degrees', set), { kind: 'json', status: 200, text: '6005\n' });
});

test('the number is exactly as it is stored, and not found where the record has none', async () => {
  const odd = setOf(
    ['{"id":0,"year":1990,"degrees":9007199254740993}', '{"id":1,"year":1991}', '{"id":2,"degrees":null}', '{"id":3,"degrees":1.50}'],
    { key: 'id' },
  );
  assert.deepEqual(await ask(degrees, '/degrees/0/degrees', odd), { kind: 'json', status: 200, text: '9007199254740993\n' });
  assert.deepEqual(await ask(degrees, '/degrees/3/degrees', odd), { kind: 'json', status: 200, text: '1.50\n' });
  for (const id of [1, 2])
    await assert.rejects(ask(degrees, `/degrees/${id}/degrees`, odd), { status: 404, message: /no number of degrees/ });
  const listed = await ask(degrees, '/degrees?limit=1', odd);
  assert.equal(listed.kind === 'json' && listed.text, '[{"id":0,"year":1990,"degrees":9007199254740993}]\n');
});

for (const url of ['/degrees/A', '/degrees/-1', '/degrees/99', '/degrees/2.0', '/degrees/99/degrees'])
  test(`GET ${url} is not found`, () => assert.rejects(ask(degrees, url, set), { status: 404 }));

test('without data the list is empty', async () => assert.deepEqual(await jsonOf(ask(degrees, '/degrees', emptySet('degrees'))), []));
