import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAll } from '../testing.ts';
import { json } from './json.ts';
import { memberLiteral, minify } from './json-text.ts';
import { ndjson } from './ndjson.ts';

const rows = async (body: string, size = 1) => (await parseAll(json, body, size)).texts;
const fails = async (body: string, message: RegExp | string) => {
  for (const size of [1, 1000]) await assert.rejects(parseAll(json, body, size), { type: 'malformed-data', message }, body);
};

test('a list of objects, alone or inside objects, with members beside it', async () => {
  const one = ['{"a":1}', '{"a":2}'];
  for (const body of [
    '[{"a":1},{"a":2}]',
    '{"meteorite_landings":[{"a":1},{"a":2}]}',
    '{"responseHeader":{"status":0,"QTime":5},"response":{"numFound":2,"start":0,"docs":[{"a":1},{"a":2}],"maxScore":null}}',
    '{"type":"FeatureCollection","bbox":[1,2,[3]],"s":"]}","n":-1.5e3,"t":true,"features":[{"a":1},{"a":2}],"x":{"y":[]}}',
    '{"errors":[],"data":[{"a":1},{"a":2}]}',
  ]) {
    for (const size of [1, 1000]) assert.deepEqual(await rows(body, size), one, body);
  }
});

test('a second list of objects is not lost without a word', async () => {
  const { texts, notes } = await parseAll(json, '{"a":[{"x":1}],"b":[{"x":2}]}');
  assert.deepEqual(texts, ['{"x":1}']);
  assert.deepEqual(notes, ["The body has more than one list of objects: 'a' was loaded, 'b' was not."]);
});

test('white space between tokens goes, literals and strings stay as they were written', async () => {
  const body = '[\n  {\n    "a" : 1.50 ,\t"b": [ 1e3, 9007199254740993 ],\r\n    "c": " x  y\\n \\" ", "d": {"e" : -0.0}\n  }\n]\n';
  assert.deepEqual(await rows(body), ['{"a":1.50,"b":[1e3,9007199254740993],"c":" x  y\\n \\" ","d":{"e":-0.0}}']);
  assert.equal(minify(' [ 1 , { } ] '), '[1,{}]');
});

test('elements that are no objects are kept apart', async () => {
  const { texts, rejects } = await parseAll(json, '[{"a":1}, 5, [1, 2], null, "x, ]", true, {"a":2}]', 3);
  assert.deepEqual(texts, ['{"a":1}', '{"a":2}']);
  assert.deepEqual(rejects, [
    { row: 2, reason: 'is a number, not an object', raw: '5' },
    { row: 3, reason: 'is a list, not an object', raw: '[1, 2]' },
    { row: 4, reason: 'is null, not an object', raw: 'null' },
    { row: 5, reason: 'is a string, not an object', raw: '"x, ]"' },
    { row: 6, reason: 'is a boolean, not an object', raw: 'true' },
  ]);
});

test('NaN and Infinity, as pandas writes them, are missing values, with a note', async () => {
  const { texts, notes, evidence } = await parseAll(
    json,
    '[{"a": NaN, "b": "NaN", "c": [-Infinity, 1]}, {"a": 2, "b": "Infinity", "c": Infinity}]',
    1,
  );
  assert.deepEqual(texts, ['{"a":null,"b":"NaN","c":[null,1]}', '{"a":2,"b":"Infinity","c":null}']);
  assert.deepEqual(notes, ['NaN and Infinity are not valid JSON: they were read as missing values (null).']);
  assert.equal(evidence.a?.missing, 1);
  assert.deepEqual((await parseAll(ndjson, '{"a":NaN}\n')).texts, ['{"a":null}']);
});

test('what is not JSON is an error that names the place and what was expected', async () => {
  await fails('<!DOCTYPE html><p>no</p>', /^Line 1, column 1: this is not a list of records: expected a list of objects.*found "</);
  await fails('[{"a":1},{"a":2', 'Line 1, column 16: the data ends early: expected a record or ] after record 1.');
  await fails('[{"a":1},{"a":2}', 'Line 1, column 17: the data ends early: expected , or ] after record 2.');
  await fails('{"data":[{"a":1}]', /the data ends early/);
  await fails('[{"a":1}] x', 'Line 1, column 11: unexpected text after the end of the data: "x".');
  await fails('[{"a":1}\n{"a":2}]', /^Line 2, column 1: expected , or \] after record 1, found "\{/);
  await fails('[{"a":1},\n{"a":oops}]', /^Line 2, column 1: record 2 is not JSON: Unexpected token 'o'/);
  await fails('[{"a":1},]', /Line 1, column 10: expected a value, found "\]"/);
  await fails("[{'a':1}]", /record 1 is not JSON/);
  await fails('{"a":1}', /there is no list of records in this object.*Send a single record as \[\{\.\.\.\}\]/);
  await fails('{a:[{}]}', /expected a member name in quotes, found "a/);
  await fails('"text"', /expected a list of objects/);
  await fails('{"a":tru,"b":[{}]}', /this is not JSON/);
  await fails(`${'{"a":'.repeat(40)}[{}]`, /nested in more than 16 objects/);
});

test('an empty list is no rows', async () => {
  for (const body of ['[]', ' [ ] ', '{"data":[]}']) assert.deepEqual(await rows(body), []);
});

test('a record nested too deeply is kept apart; one that repeats a name keeps its bytes', async () => {
  const deep = `{"a":${'['.repeat(300)}${']'.repeat(300)}}`;
  const { texts, rejects } = await parseAll(json, `[${deep},{"a":1,"a":2}]`);
  assert.deepEqual(texts, ['{"a":1,"a":2}']);
  assert.equal(rejects[0]?.reason, 'is nested deeper than 200 levels');
});

test('a record is named by the text of its value', async () => {
  const { rows } = await parseAll(
    json,
    '[{"x":{"id":5},"id":9007199254740993},{"id":1.0},{"id":"a"},{"id":true},{"id":null},{"id":""},{"id":[1]},{"o":1}]',
  );
  assert.deepEqual(
    rows.map((row) => row.keyText('id')),
    ['9007199254740993', '1.0', 'a', 'true', undefined, undefined, undefined, undefined],
  );
  assert.equal(rows[0]?.keyText('constructor'), undefined);
  assert.equal(memberLiteral('{"a\\u0062":[1,{"c":2}],"c":"},","d":null}', 'ab'), '[1,{"c":2}]');
  assert.equal(memberLiteral('{"a":1}', 'b'), undefined);
});

test('NDJSON: a bad line is kept apart with its number', async () => {
  const { texts, rejects } = await parseAll(ndjson, '{"a":1}\n\n{"a": 2 }\r\n{"a":\n[1]\n{"a":3} x\n{"a":4}', 1);
  assert.deepEqual(texts, ['{"a":1}', '{"a":2}', '{"a":4}']);
  assert.deepEqual(
    rejects.map(({ row, raw }) => [row, raw]),
    [
      [4, '{"a":'],
      [5, '[1]'],
      [6, '{"a":3} x'],
    ],
  );
  assert.match(rejects[0]?.reason as string, /^is not JSON: /);
  assert.equal(rejects[1]?.reason, 'is a list, not an object');
});

test('NDJSON: what has no JSON in it at all is an error', async () => {
  const message = /this is not NDJSON/;
  await assert.rejects(parseAll(ndjson, 'a,b\n1,2\n'.repeat(9)), { type: 'malformed-data', message });
  await assert.rejects(parseAll(ndjson, '<html>\n'), { type: 'malformed-data', message });
});
