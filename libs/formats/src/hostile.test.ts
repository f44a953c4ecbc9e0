import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Limit, loadLimits, type ProblemError } from '@almanac/domain';
import { csv } from './csv/csv.ts';
import { tsv } from './csv/tsv.ts';
import type { Format } from './format.ts';
import { json } from './json/json.ts';
import { ndjson } from './json/ndjson.ts';
import { Notes } from './notes.ts';
import { parseAll } from './testing.ts';
import { sequence } from './testing-samples.ts';
import { giveWay } from './turns.ts';
import { xml } from './xml/xml.ts';
import { yaml } from './yaml/yaml.ts';

const { rowBytes, rowValues, columns, columnNameCharacters, columnNamesBytes, depth, yamlTokens } = loadLimits;

/** One hostile body, with a filling that differs from run to run. */
interface Attack {
  name: string;
  format: Format;
  limit: Limit;
  body: (next: (n: number) => number) => string;
}

const pick = (next: (n: number) => number, ...of: readonly string[]): string => of[next(of.length)] as string;
const names = (count: number, length: number): string => Array.from({ length: count }, (_, i) => `${i}`.padEnd(length, 'n')).join(',');

const attacks: readonly Attack[] = [
  { name: 'a field of doubled quotes', format: csv, limit: rowBytes, body: () => `a,b\n"${'""'.repeat(2_000_000)}",1\n` },
  {
    name: 'a quote that never ends',
    format: tsv,
    limit: rowBytes,
    body: (n) => `a\tb\n"${pick(n, 'x', 'x\n', '\t', 'é').repeat(4_000_000)}`,
  },
  { name: 'a row of delimiters', format: csv, limit: rowValues, body: (n) => `a,b\n${','.repeat(rowValues.value + 1 + n(1000))}\n` },
  { name: 'a row of empty quotes', format: csv, limit: rowValues, body: () => `a,b\n${'"",'.repeat(rowValues.value + 1)}\n` },
  {
    name: 'small values',
    format: json,
    limit: rowValues,
    body: (n) => `[{"a":[${`${pick(n, '{}', '[]', '1', '""', 'null')},`.repeat(rowValues.value + 1)}0]}]`,
  },
  {
    name: 'small values in lines',
    format: ndjson,
    limit: rowValues,
    body: (n) => `{"b":1}\n{"a":[${`${pick(n, '{}', '[]', '7', '{"c":[]}')},`.repeat(rowValues.value + 1)}0]}\n`,
  },
  {
    name: 'a list in place of a record',
    format: ndjson,
    limit: rowValues,
    body: () => `{"b":1}\n[${'0,'.repeat(rowValues.value + 1)}0]\n`,
  },
  {
    name: 'values beside the records',
    format: json,
    limit: rowValues,
    body: () => `{"x":{"y":[${'{},'.repeat(rowValues.value)}0]},"d":[{"a":1}]}`.replace('{"y"', '[{"y"').replace('0]}', '0]}]'),
  },
  {
    name: 'members that all differ',
    format: json,
    limit: rowValues,
    body: () => `[{${Array.from({ length: 30_000 }, (_, i) => `"k${i}":1`).join()}}]`,
  },
  { name: 'a long string', format: json, limit: rowBytes, body: (n) => `[{"a":"${pick(n, 'x', 'é', '\\n', '漢').repeat(2_200_000)}"}]` },
  { name: 'a long name', format: csv, limit: columnNameCharacters, body: (n) => `${'h'.repeat(257 + n(4000))},b\n1,2\n` },
  { name: 'a long name of a member', format: json, limit: columnNameCharacters, body: (n) => `[{"${'h'.repeat(257 + n(4000))}":1}]` },
  { name: 'a long name of an element', format: xml, limit: columnNameCharacters, body: () => `<d><r><${'n'.repeat(300)}/></r></d>` },
  { name: 'a long name of an attribute', format: xml, limit: columnNameCharacters, body: () => `<d><r ${'n'.repeat(300)}="1"/></d>` },
  { name: 'a long name of a wrapper', format: json, limit: columnNameCharacters, body: () => `{"${'w'.repeat(300)}":[{"a":1}]}` },
  { name: 'long names together', format: csv, limit: columnNamesBytes, body: () => `${names(4000, 200)}\n${','.repeat(3999)}\n` },
  {
    name: 'equal names',
    format: csv,
    limit: columnNamesBytes,
    body: () => `${Array(4096).fill('h'.repeat(200)).join()}\n${','.repeat(4095)}\n`,
  },
  { name: 'too many columns', format: csv, limit: columns, body: (n) => `${names(4097 + n(3000), 4)}\n1\n` },
  {
    name: 'new members in each record',
    format: ndjson,
    limit: columns,
    body: () => Array.from({ length: 5000 }, (_, i) => `{"k${i}":1}\n`).join(''),
  },
  {
    name: 'elements in a record',
    format: xml,
    limit: rowBytes,
    body: (n) => `<d><r><b>1</b></r><r>${pick(n, '<a/>', '<a>x</a>').repeat(100_000)}</r></d>`,
  },
  { name: 'a long text', format: xml, limit: rowBytes, body: () => `<d><r><a>1</a></r><r><a>${'x'.repeat(3_000_000)}</a></r></d>` },
  { name: 'no record for long', format: xml, limit: rowBytes, body: () => `<d>${'<a/>'.repeat(100_000)}</d>` },
  { name: 'deep elements', format: xml, limit: depth, body: (n) => '<a>'.repeat(201 + n(1000)) },
  { name: 'deep lists', format: yaml, limit: depth, body: (n) => `- ${'['.repeat(201 + n(1000))}` },
  {
    name: 'tokens of one record',
    format: yaml,
    limit: yamlTokens,
    body: (n) => `- a: [${`${pick(n, '1', 'x', '{}')}, `.repeat(yamlTokens.value)}]`,
  },
];

const SEED = Number(process.env.FUZZ_SEED ?? 1);
/** Reading or refusing one of these bodies takes far less; without the limits most take many times as much. */
const ENOUGH_MS = 4000;

for (const { name, format, limit, body } of attacks) {
  test(`${format.id}, ${name}: refused with the limit and the value`, async () => {
    const next = sequence(SEED);
    for (let i = 0; i < 2; i++) {
      const text = body(next);
      const before = process.threadCpuUsage().user;
      const problem: ProblemError = await parseAll(format, text).then(
        () => assert.fail('it was taken'),
        (error) => error as ProblemError,
      );
      assert.deepEqual(
        [problem.type, problem.extra?.limit, problem.extra?.unit],
        ['malformed-data', limit.value, limit.unit],
        problem.message,
      );
      assert.ok((problem.extra.value as number) > limit.value, problem.message);
      assert.ok(problem.message.length < 500, problem.message);
      const ms = (process.threadCpuUsage().user - before) / 1000;
      assert.ok(ms < ENOUGH_MS, `${ms} ms`);
    }
  });
}

test('what lies just within the limits is taken', async () => {
  const fields = await parseAll(csv, `${names(4096, 8)}\n${','.repeat(4095)}\n`);
  assert.equal(fields.columns.length, 4096);
  const quotes = '""'.repeat(400_000);
  assert.equal((await parseAll(csv, `a\n"${quotes}"\n`)).texts[0], JSON.stringify({ a: quotes.slice(0, 400_000) }));
  const values = await parseAll(json, `[{"a":[${'1,'.repeat(rowValues.value - 10)}1]}]`);
  assert.equal(values.rows.length, 1);
  const deep = await parseAll(json, `[{"a":${'['.repeat(500)}${']'.repeat(500)}},{"a":1}]`);
  assert.deepEqual([deep.rows.length, deep.rejects[0]?.reason], [1, 'is nested deeper than 200 levels']);
});

test('equal names are told apart in time that grows with their number', async () => {
  const before = process.threadCpuUsage().user;
  const { columns: found, notes } = await parseAll(csv, `${Array(4096).fill('value').join()}\n${','.repeat(4095)}\n`);
  assert.deepEqual([found.length, found[4095]?.name], [4096, 'value_4096']);
  assert.ok(notes.length <= loadLimits.notes.value + 1);
  assert.match(notes.at(-1) ?? '', /Notes left out: 3,9\d\d/);
  assert.ok((process.threadCpuUsage().user - before) / 1000 < 1000);
});

test('equal names that look like numbered ones stay different', async () => {
  const { columns: found } = await parseAll(csv, `a,a_2,a,a_2,a,a_3,a_2_2\n1,2,3,4,5,6,7\n`);
  const names = found.map(({ name }) => name);
  assert.equal(new Set(names).size, 7, names.join());
});

test('lines that are no JSON cost no more than records', async () => {
  const cpu = async (line: string) => {
    const body = `{"a":1}\n${`${line}\n`.repeat(9000)}`;
    const before = process.threadCpuUsage().user;
    await parseAll(ndjson, body);
    return (process.threadCpuUsage().user - before) / 1000;
  };
  await cpu('{"a":1,"b":"some text here"}');
  for (const line of ['x', '{"a":', '{"a":NaN}', '[]', 'NaN', `"${'y'.repeat(50)}`]) assert.ok((await cpu(line)) < 1500, line);
});

test('what NaN and Infinity are taken for does not depend on the records before', async () => {
  const { texts } = await parseAll(ndjson, '{"a":NaN}\n{"a":1}\n{"a":"NaN"}\n{"a":-Infinity,"b":[NaN]}\n');
  assert.deepEqual(texts, ['{"a":null}', '{"a":1}', '{"a":"NaN"}', '{"a":null,"b":[null]}']);
});

test('notes are bounded in number and length', () => {
  const notes = new Notes();
  for (let i = 0; i < 1000; i++) notes.add(`${i} ${'x'.repeat(5000)}`);
  assert.equal(notes.size, 101);
  assert.ok([...notes].every((note) => note.length <= 1000));
  assert.equal([...notes].at(-1), 'Notes left out: 900.');
});

/** The longest time, of this thread's processor, from one turn of the event loop to the next. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let before = process.threadCpuUsage();
  let longest = 0;
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1000);
  }, 1);
  await work().catch(() => {});
  clearInterval(timer);
  return longest;
}

test('all loads of the process together leave turns of the event loop to others', async () => {
  const bodies: [Format, string][] = [
    [csv, `a\n${'1\n'.repeat(60_000)}`],
    [ndjson, '{"a":1}\n'.repeat(20_000)],
    [json, `[${'{"a":NaN},'.repeat(20_000)}{"a":1}]`],
    [xml, `<d>${'<r><a>1</a></r>'.repeat(7_000)}</d>`],
  ];
  const read = async ([format, body]: [Format, string]) => {
    async function* source() {
      yield Buffer.from(body);
    }
    for await (const _ of format.parse(source(), { notes: new Notes(), metadata: {}, units: new Map() })) await giveWay();
  };
  for (const one of bodies) await read(one);
  const longest = await longestTurn(() => Promise.all([...bodies, ...bodies, ...bodies].map(read)));
  // Without turns it is seconds. Each turn takes 10 ms and one piece of work; garbage collection comes on top.
  assert.ok(longest < 250, `${longest} ms`);
});
