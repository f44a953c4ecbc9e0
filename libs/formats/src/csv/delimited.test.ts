import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLimits } from '@almanac/domain';
import { parseOptions } from '../format.ts';
import { LARGE_ROW } from '../large-rows.ts';
import { parseAll, pieces } from '../testing.ts';
import { fieldToken, numberForm } from '../tokens.ts';
import { csv } from './csv.ts';
import { tsv } from './tsv.ts';

const ROW_LIMIT = loadLimits.rowBytes.value;

test('number grammar: what JSON takes for a number, and nothing else', () => {
  for (const text of [
    '0',
    '-0',
    '7',
    '-12',
    '1.50',
    '0.1',
    '1e3',
    '1E+3',
    '-2.5e-10',
    '9007199254740994',
    '123456789012345678901234567890',
  ])
    assert.equal(fieldToken(text), text, text);
  for (const text of ['007', '+1', '.5', '1.', '1e', '1e+', '-', '--1', '0x10', '1,5', '1 ', 'NaN', 'Infinity', '1.2.3', '1_000', '١'])
    assert.equal(fieldToken(text), JSON.stringify(text), text);
  assert.deepEqual([numberForm('12'), numberForm('1.0'), numberForm('x')], [1, 2, 0]);
  assert.deepEqual(['', 'true', 'false', 'null', 'True', 'a"b'].map(fieldToken), ['null', 'true', 'false', '"null"', '"True"', '"a\\"b"']);
});

test('a row of another length is kept apart and the load goes on', async () => {
  const { texts, rejects } = await parseAll(csv, 'a,b,c\n1,2,3\n1,2\n\n1,2,3,4\n4,5,6,,\n"x,1",2\n7,8,9\n', 4);
  assert.deepEqual(texts, ['{"a":1,"b":2,"c":3}', '{"a":4,"b":5,"c":6}', '{"a":7,"b":8,"c":9}']);
  assert.deepEqual(rejects, [
    { row: 2, reason: 'has 2 fields, the header has 3', raw: '1,2' },
    { row: 3, reason: 'has 4 fields, the header has 3', raw: '1,2,3,4' },
    { row: 5, reason: 'has 2 fields, the header has 3', raw: '"x,1",2' },
  ]);
});

test('a reject keeps 2,000 characters of its row', async () => {
  const { rejects } = await parseAll(csv, `a,b\n${'x'.repeat(5000)}\n`);
  assert.equal(rejects[0]?.raw.length, 2000);
});

test('quotes: delimiters, line ends and doubled quotes inside; text after the closing quote; quotes in the middle', async () => {
  const { texts } = await parseAll(csv, 'a,b\n"1,5","x\r\ny"\n"""q""",""\n"ab"c,5" pipe\n', 1);
  assert.deepEqual(texts, ['{"a":"1,5","b":"x\\r\\ny"}', '{"a":"\\"q\\"","b":null}', '{"a":"abc","b":"5\\" pipe"}']);
});

test('a quote that never closes is an error that names its line', async () => {
  const body = 'a,b\n1,2\n\n"x\ny",2\n3,"open\n4,5\n6,7\n';
  for (const size of [1, 1000])
    await assert.rejects(parseAll(csv, body, size), {
      type: 'malformed-data',
      message: 'Line 6, column 3: the quoted field that begins here has no closing quote.',
    });
});

test('header: names are made unique, and what was changed is said', async () => {
  const { texts, notes } = await parseAll(csv, 'a,,a,"a_2",\n1,2,3,4,5\n');
  assert.deepEqual(texts, ['{"a":1,"column_2":2,"a_2":3,"a_2_2":4,"column_5":5}']);
  assert.deepEqual(notes, [
    "Column 2 has no name in the header and was named 'column_2'.",
    "The header repeats 'a': column 3 was named 'a_2'.",
    "The header repeats 'a_2': column 4 was named 'a_2_2'.",
    "Column 5 has no name in the header and was named 'column_5'.",
  ]);
  assert.match((await parseAll(csv, '1,2\n3,4\n')).notes.join(), /first row was read as the header/);
  assert.deepEqual((await parseAll(csv, '__proto__,constructor\n1,2\n')).texts, ['{"__proto__":1,"constructor":2}']);
});

test('semicolons are taken where the header clearly uses them', async () => {
  for (const size of [1, 1000]) {
    const { texts, notes } = await parseAll(csv, 'a;"b;c";d\n1;"2;5";3,5\n', size);
    assert.deepEqual(texts, ['{"a":1,"b;c":"2;5","d":"3,5"}']);
    assert.match(notes.join(), /the fields were split at semicolons/);
  }
  for (const size of [1, 1000]) assert.deepEqual((await parseAll(csv, 'a;"b\nc"\n1;2\n', size)).texts, ['{"a":1,"b\\nc":2}']);
  const quoted = await parseAll(csv, '"a;b"\n1;2\n');
  assert.deepEqual([quoted.texts, quoted.notes], [['{"a;b":"1;2"}'], []]);
  assert.deepEqual((await parseAll(csv, 'a;b,c\n1,2\n')).texts, ['{"a;b":1,"c":2}']);
});

test('the other delimiter is an error that says so', async () => {
  await assert.rejects(parseAll(csv, 'a\tb\n1\t2\n'), {
    message: /looks like tab-separated values. Send it as text\/tab-separated-values/,
  });
  await assert.rejects(parseAll(tsv, 'a,b\n1,2\n'), { message: /looks like comma-separated values. Send it as text\/csv/ });
});

test('one column is a table too', async () => {
  assert.deepEqual((await parseAll(csv, 'n\n1\n\n2\n')).texts, ['{"n":1}', '{"n":2}']);
});

test('TSV takes quotes as CSV does', async () => {
  assert.deepEqual((await parseAll(tsv, 'id\tx\nHGNC:5\t"a|b, c"\n')).texts, ['{"id":"HGNC:5","x":"a|b, c"}']);
});

test('a row longer than the limit is an error, in time proportional to its length', async () => {
  const body = Buffer.alloc(ROW_LIMIT + 100, 'x');
  body.write('a,b\n1,"', 0);
  const before = process.cpuUsage();
  await assert.rejects(parseAll(csv, body, 16 << 10), {
    type: 'malformed-data',
    message: /row that begins on line 2 is too long: [\d,]+ bytes, the limit is 2,097,152 bytes. Is a quote/,
  });
  assert.ok(process.cpuUsage(before).user < 5_000_000);
});

test('only two large rows at a time are in memory; the others wait and come through', async () => {
  const body = `a,b\n1,"${'x'.repeat(LARGE_ROW * 2)}"\n2,y\n`;
  const slow = async function* () {
    for await (const piece of pieces(body)) {
      yield piece;
      await new Promise(setImmediate);
    }
  };
  const counts = await Promise.all(
    Array.from({ length: 6 }, async () => {
      let rows = 0;
      for await (const batch of csv.parse(slow(), parseOptions())) rows += batch.rows.length;
      return rows;
    }),
  );
  assert.deepEqual(counts, [2, 2, 2, 2, 2, 2]);
  await assert.rejects(parseAll(csv, `a\n"${'x'.repeat(LARGE_ROW * 2)}`), { type: 'malformed-data' });
  assert.equal((await parseAll(csv, body)).rows.length, 2);
});

test('too many columns are an error', async () => {
  const header = Array.from({ length: 5000 }, (_, i) => `c${i}`).join(',');
  await assert.rejects(parseAll(csv, `${header}\n`), { message: /there are too many columns: 4,097 columns, the limit is 4,096 columns/ });
});
