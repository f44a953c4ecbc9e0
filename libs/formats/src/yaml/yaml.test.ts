import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLimits } from '@almanac/domain';
import { parseAll } from '../testing.ts';
import { isSeveral } from './documents.ts';
import { yaml } from './yaml.ts';

const YAML_LIMIT = loadLimits.yamlBytes.value;

const read = (body: string) => parseAll(yaml, body, 1000);
const rows = async (body: string) => (await read(body)).texts;
const fails = (body: string, message: RegExp | string) =>
  assert.rejects(read(body), { type: 'malformed-data', message }, body.slice(0, 200));

test('a list of mappings, alone or inside mappings, with members beside it', async () => {
  const two = ['{"a":1}', '{"a":2}'];
  for (const body of [
    '- a: 1\n- a: 2\n',
    '---\n- a: 1\n- a: 2\n...\n',
    '%YAML 1.2\n---\n# landings\n- a: 1\n\n# more\n- a: 2\n# end\n',
    'landings:\n- a: 1\n- a: 2\n',
    'landings:\n  - a: 1\n  - a: 2\n',
    'response:\n  numFound: 2\n  tags: [x, y]\n  docs:\n    - a: 1\n    - a: 2\n  max: null\ntail: {x: 1}\n',
    '[{a: 1}, {a: 2}]',
    '{"docs": [{"a": 1}, {"a": 2}]}',
    '-\n  a: 1\n-\n  a: 2',
    '- {a: 1}\n- {a: 2}',
    '"the list":\n- ? a\n  : 1\n- a: 2',
    '\n\n- a: 1\r\n- a: 2\r\n',
  ]) {
    assert.deepEqual(await rows(body), two, body);
  }
  const many = Array.from({ length: 500 }, (_, i) => `{"a":${i},"b":[{"c":${i}}]}`);
  const lines = many.map((_, i) => `- a: ${i}\n  b:\n  - c: ${i}\n`).join('');
  assert.deepEqual(await rows(lines), many);
  assert.deepEqual(await rows(`x: 1\nlist:\n${lines}y: 2\n`), many);
});

test('several documents are records, each a mapping', async () => {
  const { texts, rejects } = await read('---\na: 1\nb: [{c: 1}]\n---\n# nothing\n---\na: 2\n...\n--- {a: 3}\n---\n- 4\n--- five\n');
  assert.deepEqual(texts, ['{"a":1,"b":[{"c":1}]}', '{"a":2}', '{"a":3}']);
  assert.deepEqual(
    rejects.map(({ row, reason }) => [row, reason]),
    [
      [4, 'is a list, not a mapping'],
      [5, 'is a string, not a mapping'],
    ],
  );
  for (const text of ['a: 1\n', '---\na: 1\n', '---\na: 1\n...\n', '%YAML 1.2\n---\na: 1\n---\n# c\n', '--- a', 'a: |\n  x\n  --- y\n'])
    assert.equal(await isSeveral(text), false, text);
  for (const text of ['a: 1\n---\nb: 1', '--- a\n--- b', 'a\n...\nb', '---\r\na: 1\r\n---\r\nb: 2'])
    assert.equal(await isSeveral(text), true, text);
});

test('numbers keep their literal, dates are text as written, and what only YAML calls a number is text', async () => {
  const cases: [string, string][] = [
    ['1.50', '1.50'],
    ['9007199254740993', '9007199254740993'],
    ['-0.0', '-0.0'],
    ['1e3', '1e3'],
    ['2024-02-21', '"2024-02-21"'],
    ['2024-052T12:00:00.000Z', '"2024-052T12:00:00.000Z"'],
    ['12:30:45', '"12:30:45"'],
    ['007', '"007"'],
    ['0x1F', '"0x1F"'],
    ['0o17', '"0o17"'],
    ['+1', '"+1"'],
    ['.5', '".5"'],
    ['1_000', '"1_000"'],
    ['"21"', '"21"'],
    ["'21'", '"21"'],
    ['true', 'true'],
    ['False', 'false'],
    ['yes', '"yes"'],
    ['NO', '"NO"'],
    ['null', 'null'],
    ['~', 'null'],
    ['', 'null'],
    ['"null"', '"null"'],
    ['(50.775, 6.08333)', '"(50.775, 6.08333)"'],
    ['one # comment', '"one"'],
    ['"\\u00e9\\t\\x41"', '"é\\tA"'],
    ["'it''s'", '"it\'s"'],
    ['two\n    lines', '"two lines"'],
    ['|\n    two\n     lines\n', '"two\\n lines\\n"'],
    ['>-\n    two\n    lines\n', '"two lines"'],
    ['[1.0, x, {y: ~}]', '[1.0,"x",{"y":null}]'],
  ];
  for (const [written, token] of cases) assert.deepEqual(await rows(`- v: ${written}\n`), [`{"v":${token}}`], written);
  const { columns } = await read('- {n: 1.50, d: 2024-02-21, s: "21"}\n- {n: 2, d: 2024-02-22, s: "7"}\n');
  assert.deepEqual(
    columns.map(({ name, type, asStored }) => [name, type, asStored]),
    [
      ['n', 'number', true],
      ['d', 'time', true],
      ['s', 'integer', false],
    ],
  );
});

test('names are as written', async () => {
  assert.deepEqual(await rows('- 1990: a\n  true: b\n  "mass (g)": 21\n  __proto__: c\n  ? d\n'), [
    '{"1990":"a","true":"b","mass (g)":21,"__proto__":"c","d":null}',
  ]);
});

test('infinities and what is no number are missing values, with a note; << merges nothing', async () => {
  const { texts, notes } = await read('- {a: .inf, b: -.INF, c: .nan, d: NaN, <<: {e: 1}}\n');
  assert.deepEqual(texts, ['{"a":null,"b":null,"c":null,"d":"NaN","<<":{"e":1}}']);
  assert.deepEqual(notes, [
    'NaN and Infinity are not valid JSON: they were read as missing values (null).',
    "'<<' is an ordinary name in YAML 1.2: nothing was merged.",
  ]);
});

test('anchors stand for what they were given to, wherever that was before', async () => {
  assert.deepEqual(await rows('- &a {x: 1.50}\n- *a\n- {y: *a, z: &b [1], w: *b}\n'), [
    '{"x":1.50}',
    '{"x":1.50}',
    '{"y":{"x":1.50},"z":[1],"w":[1]}',
  ]);
  const list = (n: number) => `list:\n${'- o: *o\n  t: *t\n'.repeat(n)}`;
  for (const n of [1, 400]) {
    const texts = await rows(`base: &o {p: &t word}\n${list(n)}`);
    assert.deepEqual([texts.length, texts.at(-1)], [n, '{"o":{"p":"word"},"t":"word"}']);
  }
  assert.deepEqual(await rows('- a: &x 1\n  b: *x\n- a: &x 2\n  b: *x\n'), ['{"a":1,"b":1}', '{"a":2,"b":2}']);
});

test('a record that is none is kept apart', async () => {
  const { texts, rejects } = await read('- a: 1\n- 5\n- [1, 2]\n- ~\n- word\n- true\n- {a: 1, a: 2}\n- {[1]: 2}\n- a: 2\n');
  assert.deepEqual(texts, ['{"a":1}', '{"a":2}']);
  assert.deepEqual(rejects, [
    { row: 2, reason: 'is a number, not a mapping', raw: '5' },
    { row: 3, reason: 'is a list, not a mapping', raw: '[1, 2]' },
    { row: 4, reason: 'is null, not a mapping', raw: '~' },
    { row: 5, reason: 'is a string, not a mapping', raw: 'word' },
    { row: 6, reason: 'is a boolean, not a mapping', raw: 'true' },
    { row: 7, reason: "has the key 'a' more than once", raw: '{a: 1, a: 2}' },
    { row: 8, reason: 'has a key that is a list, a mapping or an alias', raw: '{[1]: 2}' },
  ]);
});

test('a second list of mappings is not lost without a word', async () => {
  const { texts, notes } = await read('a:\n- x: 1\nb:\n- x: 2\n');
  assert.deepEqual(texts, ['{"x":1}']);
  assert.deepEqual(notes, ["The body has more than one list of mappings: 'a' was loaded, 'b' was not."]);
  const long = await read(`a:\n${'- x: 1\n'.repeat(500)}b:\n- x: 2\n`);
  assert.deepEqual([long.rows.length, long.notes], [500, notes]);
});

test('an empty list is no rows', async () => {
  for (const body of ['[]', 'data: []', '---\n[]\n', '# comment\n', '---\n', '---\n...\n']) assert.deepEqual(await rows(body), [], body);
});

test('naughty YAML is refused, and the place is named', async () => {
  await fails('- a: 1\n- a: [1\n', /^Line 3, column 1: this is not YAML: flow sequence in block collection must be/);
  await fails('- a: 1\n  b: 2\n c: 3\n', /^Line 3, column \d+: this is not YAML: /);
  await fails('- a: "open\n', /^Line \d, column \d+: this is not YAML: missing closing "quote/);
  await fails('- a: 1\n-\tb: 2\n  - c\n', /^Line \d, column \d+: this is not YAML: /);
  await fails('- a: b: c\n', 'Line 1, column 6: this is not YAML: nested mappings are not allowed in compact mappings.');
  await fails('- {a: 1\n- {a: 2}\n', /this is not YAML/);
  await fails('- a: 1\n}', /^Line 2, column 1: this is not YAML: /);
  await fails(
    '- a: !!python/object/apply:os.system ["id"]\n',
    'Line 1, column 6: tags are not supported: remove "!!python/object/apply:os.system", and quote values that must be text.',
  );
  await fails('- a: !!str 5\n', /tags are not supported/);
  await fails('- !custom {a: 1}\n', /Line 1, column 3: tags are not supported: remove "!custom"/);
  await fails('- a: *none\n', 'Line 1, column 6: *none refers to no anchor: there is no &none before it.');
  await fails('- &a [*a]\n', /\*a refers to no anchor/);
  await fails(
    'a: 1\nb: 2\n',
    /^Line 1, column 1: there is no list of records in this document.*Send a single record as a list of one item\.$/,
  );
  await fails('just words\n', /there is no list of records/);
  await fails('a: [1, 2]\n', /there is no list of records/);
  await fails(`- ${'['.repeat(300)}`, 'Line 1, column 202: a value is nested too deeply: 201 levels, the limit is 200 levels.');
  await fails('- '.repeat(300), /too deeply: 201 levels/);
  await fails(`- a: "${'x'.repeat(1 << 18)}"`, /a string is longer than 262,144 characters. Send such data as JSON/);
  await fails(
    `- {${'a: 1, '.repeat(60_000)}}`,
    /one record, or everything beside the list of records, has too many YAML tokens: 20,001 values, the limit is 20,000 values/,
  );
  assert.deepEqual(await rows('- a: "!no tag"\n- a: |\n    !no tag\n- a: no !tag\n'), [
    '{"a":"!no tag"}',
    '{"a":"!no tag\\n"}',
    '{"a":"no !tag"}',
  ]);
});

test('a billion laughs, and a million echoes, are refused before they are made', async () => {
  const names = [...'abcdefghij'];
  const laughs = names
    .map(
      (name, i) =>
        `${name}: &${name} [${
          i === 0
            ? 'lol'
            : Array(10)
                .fill(`*${names[i - 1]}`)
                .join(',')
        }]`,
    )
    .join('\n');
  await fails(`${laughs}\nlist:\n- x: *j\n`, /the aliases of one record expand to more than 1,048,576 characters/);
  const echo = `- &a {x: "${'x'.repeat(250_000)}"}\n${'- *a\n'.repeat(80)}`;
  await fails(echo, /the aliases of this body expand to more than 16,777,216 characters/);
  const deep = `- &a0 {x: 1}\n${Array.from({ length: 300 }, (_, i) => `- &a${i + 1} {x: *a${i}}\n`).join('')}`;
  const { rejects } = await read(deep);
  assert.equal(rejects[0]?.reason, 'is nested deeper than 200 levels');
});

test('the first mistake ends the reading: a long row of commas is refused at once', async () => {
  for (const body of [`- [${','.repeat(15_000)}]\n`, `- {${','.repeat(15_000)}}\n`, `- a: [${', ,'.repeat(6_000)}]\n`]) {
    const before = process.cpuUsage();
    await assert.rejects(parseAll(yaml, body), {
      type: 'malformed-data',
      message: /^Line 1, column \d+: this is not YAML: unexpected , in flow/,
    });
    const ms = process.cpuUsage(before).user / 1000;
    assert.ok(ms < 1000, `${Math.round(ms)} ms`);
  }
});

test('a body over the limit is refused, and what would be taken is named', async () => {
  await assert.rejects(parseAll(yaml, Buffer.alloc(YAML_LIMIT + 1, '- a: 1\n')), {
    type: 'body-too-large',
    message: /^The YAML body is too large: [\d,]+ bytes, the limit is 16,777,216 bytes. Send larger data as CSV \(text\/csv\) or NDJSON/,
  });
});

test('others get their turn while a long body is read', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const { rows } = await parseAll(yaml, '- a: 1\n  b: word\n'.repeat(20_000));
  clearInterval(timer);
  assert.equal(rows.length, 20_000);
  assert.ok(turns > 3, `${turns} turns`);
});
