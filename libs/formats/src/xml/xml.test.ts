import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLimits } from '@almanac/domain';
import { guessKey } from '../evidence/guess-key.ts';
import { parseOptions } from '../format.ts';
import { parseAll } from '../testing.ts';
import { xml } from './xml.ts';

const METADATA_LIMIT = loadLimits.metadataBytes.value;
const ROW_LIMIT = loadLimits.rowBytes.value;

const read = (body: string, size = 1) => parseAll(xml, body, size);
const rows = async (body: string) => (await read(body)).texts;
const fails = async (body: string, message: RegExp | string) => {
  for (const size of [1, 1000]) await assert.rejects(parseAll(xml, body, size), { type: 'malformed-data', message }, body.slice(0, 200));
};

test('the records are found: what repeats in one element, or the first that holds leaves alone', async () => {
  const two = ['{"a":1}', '{"a":2}'];
  const one = ['{"a":1}'];
  const cases: [string, string[], string][] = [
    ['<data><row><a>1</a></row><row><a>2</a></row></data>', two, '/data/row'],
    ['<data><row><a>1</a></row></data>', one, '/data/row'],
    ['<row><a>1</a></row>', one, '/row'],
    ['<r><head><status>0</status></head><row><a>1</a></row><row><a>2</a></row></r>', two, '/r/row'],
    ['<r><list><row><a>1</a></row><row><a>2</a></row></list><n>2</n></r>', two, '/r/list/row'],
    ['<r><l><row><a>1</a></row><row><a>2</a></row></l><l><row><a>3</a></row></l></r>', [...two, '{"a":3}'], '/r/l/row'],
    ['<r><l><row><a>1</a></row></l><x/><l><row><a>2</a></row></l></r>', two, '/r/l/row'],
    ['<r><l n="x"><row><a>1</a></row><row><a>2</a></row></l><l n="y"/></r>', two, '/r/l/row'],
    ['<r><head><t><n>1</n></t><t><n>2</n></t></head><row><a>1</a></row><row><a>2</a></row></r>', two, '/r/row'],
    [
      '<r><b><t>1</t><by><n>x</n></by><by><n>y</n></by></b><b><t>2</t><by><n>z</n></by></b></r>',
      ['{"t":1,"by":[{"n":"x"},{"n":"y"}]}', '{"t":2,"by":{"n":"z"}}'],
      '/r/b',
    ],
    ['<r><p><x><y>1</y></x><z><y>1</y></z></p><p><x><y>2</y></x></p></r>', ['{"x":{"y":1},"z":{"y":1}}', '{"x":{"y":2}}'], '/r/p'],
    ['<r><row a="1"/><row a="2"/></r>', ['{"@a":1}', '{"@a":2}'], '/r/row'],
    ['<r><row><link h="1"/><link h="2"/><a>1</a></row></r>', ['{"link":[{"@h":1},{"@h":2}],"a":1}'], '/r/row'],
    [
      '<r><row><a>1</a><p><x>1</x></p></row><row><a>2</a><p><x>2</x></p></row></r>',
      ['{"a":1,"p":{"x":1}}', '{"a":2,"p":{"x":2}}'],
      '/r/row',
    ],
  ];
  for (const [body, expected, path] of cases) {
    const { texts, notes } = await read(body);
    assert.deepEqual(texts, expected, body);
    assert.ok(notes.includes(`The records are the elements ${path}.`), notes.join());
  }
});

test('members are named as xmltodict names them', async () => {
  const body = `<data><row id="7" x=" a ">
    text <n>1</n><n>2</n><n/> more
    <o><p u="km">1.50</p><q>  spaced  </q></o><e></e><c><![CDATA[<b> & ]]></c><t> &lt;&#233;&#x1F728;&amp; </t>
  </row><row id="8"><n>3</n></row></data>`;
  const expected =
    '{"@id":7,"@x":" a ","n":[1,2,null],"o":{"p":{"@u":"km","#text":1.50},"q":"spaced"},"e":null,"c":"<b> &","t":"<é🜨&",' +
    '"#text":"text  more"}';
  const { texts, rows, columns } = await read(body);
  assert.deepEqual(texts, [expected, '{"@id":8,"n":3}']);
  assert.equal(guessKey(rows), '@id');
  assert.deepEqual(
    columns.map(({ name, type, asStored }) => [name, type, asStored]),
    [
      ['@id', 'integer', true],
      ['@x', 'string', true],
      ['n', 'string', false],
      ['o', 'json', true],
      ['e', 'string', true],
      ['c', 'string', true],
      ['t', 'string', true],
      ['#text', 'string', true],
    ],
  );
});

test('every value is text, read as a field of CSV is', async () => {
  const values = ['1', '-2.50', '007', '+1', 'true', 'True', '1e3', '9007199254740993', '2024-02-21', 'NaN', 'null'];
  const { texts } = await read(`<d>${values.map((value) => `<r><v>${value}</v></r>`).join('')}</d>`);
  assert.deepEqual(
    texts.map((text) => text.slice('{"v":'.length, -1)),
    ['1', '-2.50', '"007"', '"+1"', 'true', '"True"', '1e3', '9007199254740993', '"2024-02-21"', '"NaN"', '"null"'],
  );
});

test('rows whose members differ are counted by name', async () => {
  const { columns, evidence } = await read('<d><r><a>1</a><b>x</b></r><r><b>y</b><c>2.5</c></r><r><a>3</a></r></d>');
  assert.deepEqual(
    columns.map(({ name, type }) => [name, type]),
    [
      ['a', 'integer'],
      ['b', 'string'],
      ['c', 'number'],
    ],
  );
  assert.deepEqual([evidence.a?.missing, evidence.b?.present, evidence.c?.present], [1, 2, 1]);
});

test('what is beside the records is what the source says about itself', async () => {
  const body =
    '<data version="2"><title> Landings </title><empty/><head><by>NASA</by><n>1</n><n>2</n></head>' +
    '<row><a>1</a></row><row><a>2</a></row><count>2</count><__proto__>p</__proto__></data>';
  const { metadata, texts } = await read(body);
  assert.deepEqual(texts, ['{"a":1}', '{"a":2}']);
  assert.equal(
    JSON.stringify(metadata),
    '{"@version":"2","title":"Landings","empty":null,"head":{"by":"NASA","n":["1","2"]},"count":"2","__proto__":"p"}',
  );
  assert.deepEqual((await read('<a><b><row><x>1</x></row>\n<row><x>2</x></row></b>\n<n>5</n></a>')).metadata, { n: '5' });
  assert.deepEqual((await read('<d><row><x>1</x></row><row><x>2</x></row></d>')).metadata, {});
});

test('what is beside the records is not kept where it is very much; the space between elements is nothing', async () => {
  const records = '<row><a>1</a></row>\n<row><a>2</a></row>';
  const { metadata, notes, texts } = await read(`<d>${records}${'<x>comment</x>'.repeat(METADATA_LIMIT / 10)}</d>`, 1 << 16);
  assert.deepEqual([metadata, texts.length], [{}, 2]);
  assert.match(notes.join(), /longer than 65,536 bytes and was not stored/);
  const spaced = await read(`<d>${records}${`${' '.repeat(METADATA_LIMIT)}<row><a>1</a></row>`.repeat(2)}<by>N</by></d>`, 1 << 16);
  assert.deepEqual([spaced.metadata, spaced.rows.length], [{ by: 'N' }, 4]);
});

test('a second list is not lost without a word', async () => {
  const { texts, notes } = await read('<d><a><x>1</x></a><a><x>2</x></a><b><x>3</x></b><b><x>4</x></b></d>');
  assert.equal(texts.length, 2);
  assert.ok(notes.includes('The body has more than one list of elements: /d/a was loaded, /d/b was not.'), notes.join());
});

test('a record that is none is kept apart', async () => {
  const { texts, rejects } = await read('<d><r><a>1</a></r><r/><r>words</r><r><a>2</a></r><r><a/></r></d>');
  assert.deepEqual(texts, ['{"a":1}', '{"a":2}', '{"a":null}']);
  assert.deepEqual(rejects, [
    { row: 2, reason: 'is an empty element', raw: '<r/>' },
    { row: 3, reason: 'is an element with only text, without elements or attributes', raw: 'words' },
  ]);
});

test('a document without anything in it has no records', async () => {
  for (const body of ['<data/>', '<data></data>', '<data>\n</data>', '<?xml version="1.0"?><!-- none --><data/>']) {
    assert.deepEqual(await rows(body), []);
  }
});

test('naughty XML is refused, and the place is named', async () => {
  await fails('<d><r><a>1</a></r>\n<r><a>2</b></r></d>', 'Line 2, column 11: expected </a>, found </b>.');
  await fails('<d><r><a>1</a></r>', 'Line 1, column 18: the data ends early: <d> is not closed.');
  await fails('<d><r><a>1</a></r><r><a', /Line 1, column 23: the data ends early: <r> is not closed/);
  await fails('<d>\n<r>\n<a>1', 'Line 3, column 4: the data ends early: <a> is not closed.');
  await fails('<d', /the data ends early: a tag or a comment is not complete/);
  await fails('<!DOCTYPE d [<!ENTITY a "b">]><d><r><a>&a;</a></r></d>', /^Line 1, column \d+: a DOCTYPE is not allowed: its entities/);
  await fails('<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', /a DOCTYPE is not allowed/);
  await fails('<d><!DOCTYPE x></d>', /DOCTYPE/i);
  await fails('<!ENTITY a><d/>', /a DOCTYPE is not allowed/);
  await fails('<!ENTITY a "b"><d/>', /the data ends early/);
  await fails('<d><r><a>&lol;</a></r></d>', /the entity &lol; is unknown. Allowed: &amp; &lt;/);
  await fails('<d><r><a>&eacute;</a></r></d>', /&eacute; is unknown/);
  await fails('<d><r><a>R&D</a></r></d>', /a & that does not begin an entity must be written as &amp;/);
  await fails('<d><r><a>1 < 2</a></r></d>', /Line 1, column \d+: /);
  await fails('<d><r a="1" a="2"/></d>', 'Line 1, column 17: the attribute a occurs twice.');
  await fails('<d><r a=1/></d>', /unquoted attribute value/);
  await fails('<d><r a/></d>', /Line 1, column \d+: this is not well-formed XML/);
  await fails('<d/><d/>', 'Line 1, column 8: <d> is a second root element: an XML document has one.');
  await fails('<d></d> trailing', /text outside of the root element/);
  await fails('words', /this is not XML: expected < at the beginning/);
  await fails('{"a":1}', /this is not XML: expected < at the beginning/);
  await fails('<d>words</d>', /there are no records in this document: expected elements that contain elements/);
  await fails('<d a="1"/>', /there are no records in this document/);
  await fails('<a>'.repeat(300), 'Line 1, column 603: <a> is nested too deeply: 201 levels, the limit is 200 levels.');
  await fails('<d><r><a>&#0;</a></r></d>', /&#0; is unknown/);
  await fails('</d>', /<\/d> has no opening tag/);
});

test('names that objects inherit are names like any other', async () => {
  const body = '<d><r hasOwnProperty="1" constructor="2" __proto__="3"><toString>4</toString></r></d>';
  assert.deepEqual(await rows(body), ['{"@hasOwnProperty":1,"@constructor":2,"@__proto__":3,"toString":4}']);
});

test('a record larger than the limit is refused, as is a document that never comes to a record', async () => {
  const long = 'x'.repeat(ROW_LIMIT + 1);
  const record = await read('<d><r><a>1</a></r><r><a>2</a></r></d>', 1 << 16);
  assert.equal(record.rows.length, 2);
  await assert.rejects(parseAll(xml, `<d><r><a>1</a></r><r><a>2</a></r><r><a>${long}</a></r></d>`), {
    type: 'malformed-data',
    message: /record 3 is too long .* the limit is 2,097,152 bytes/,
  });
  await assert.rejects(parseAll(xml, `<d>${long}`), {
    type: 'malformed-data',
    message: /no records were found so far .* the limit is 2,097,152 bytes/,
  });
  await assert.rejects(parseAll(xml, `<d><r><a>1</a></r><r>${'<a/>'.repeat(400_000)}</r></d>`), { type: 'malformed-data' });
  await assert.rejects(parseAll(xml, `<d>${'<![CDATA[x]]>'.repeat(100_001)}</d>`), {
    message: /a string is split into more than 100,000 pieces/,
  });
});

test('a tag that never closes is refused before its attributes fill the memory', async () => {
  let sent = 0;
  async function* tag(attribute: (i: number) => string) {
    yield Buffer.from('<d><r ');
    for (let i = 0; ; ) {
      let text = '';
      while (text.length < 1 << 16) text += attribute(i++);
      sent += text.length;
      yield Buffer.from(text);
      assert.ok(sent < 64 << 20, 'it is read for ever');
    }
  }
  const refused = async (attribute: (i: number) => string, message: RegExp) => {
    sent = 0;
    const reading = async () => {
      for await (const _ of xml.parse(tag(attribute), parseOptions()));
    };
    await assert.rejects(reading(), { type: 'malformed-data', message });
  };
  await refused((i) => `a${i}="" `, /^Line 1, column \d+: a tag has more than 10,000 attributes/);
  assert.ok(sent < 1 << 18, `${sent} characters were read`);
  await refused(
    (i) => `a${i}="${'x'.repeat(1 << 16)}" `,
    /the attributes of a tag are too long: [\d,]+ bytes, the limit is 2,097,152 bytes/,
  );
});

test('rows come out before the document is complete', async () => {
  async function* endless() {
    yield Buffer.from('<d>');
    for (;;) yield Buffer.from('<r><a>1</a></r>'.repeat(100));
  }
  let count = 0;
  for await (const batch of xml.parse(endless(), { notes: new Set(), metadata: {}, units: new Map() })) {
    count += batch.rows.length;
    if (count > 100_000) break;
  }
  assert.ok(count > 100_000);
});
