import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { detectFormat } from './detect.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { peek } from './peek.ts';
import { pieces } from './testing.ts';
import { decodeUtf8 } from './utf8.ts';

test('what the first bytes look like', () => {
  const cases: [string, string][] = [
    ['a,b\n1,2\n', 'csv'],
    ['a;b\n1;2\n', 'csv'],
    ['word\n', 'csv'],
    ['\uFEFFa\tb\n', 'tsv'],
    ['a\tb, c\td\n', 'tsv'],
    [' [\n {"a":1}]', 'json'],
    ['[]', 'json'],
    ['[1,2]', 'json'],
    ['{\n  "data": [\n', 'json'],
    ['{"data":[{"a":1},{"a":2}]}', 'json'],
    ['{"data":[]}\n', 'json'],
    ['{"a":1}\n{"a":2}\n', 'ndjson'],
    ['{"a":1}', 'ndjson'],
    [`{"a":"${'x'.repeat(100)}`, 'json'],
    ['\n<?xml version="1.0"?>', 'xml'],
    ['<data><row/></data>', 'xml'],
    ['<Ålesund><row/></Ålesund>', 'xml'],
    ['<ndm><opm/></ndm>', 'xml'],
    ['<oemx/>', 'xml'],
    ['<ndm>\n<oem id="CCSDS_OEM_VERS" version="2.0">', 'oem'],
    ['<?xml version="1.0"?>\r\n<!-- <data> -->\n<n:oem xmlns:n="urn:x">', 'oem'],
    ['\nCCSDS_OEM_VERS = 2.0\r\n', 'oem'],
    ['CCSDS_OEM_VERS=1.0', 'oem'],
    ['---\na: 1\n', 'yaml'],
    ['%YAML 1.2\n---\n', 'yaml'],
    ['- a: 1\n', 'yaml'],
    ['- {a: 1}\n', 'yaml'],
    ['-\n  a: 1\n', 'yaml'],
    ['# list\n\nlandings:\n- a: 1\n', 'yaml'],
    ['title: Landings, all of them\nresponse:\n  "the docs":\n    - a: 1\n', 'yaml'],
    ['a: 1\nb: 2\n---\na: 2\n', 'yaml'],
    ['a: b\n1\n', 'csv'],
    ['time: utc,value\n12:00,1\n', 'csv'],
    ['- a,b\n1,2\n', 'csv'],
    ['-5\n-6\n', 'csv'],
    ['note:\nword\n', 'csv'],
    ['a:\tb\n- 1\t2\n', 'tsv'],
    ['CCSDS,b\n', 'csv'],
  ];
  for (const [text, id] of cases) {
    const detection = detectFormat(Buffer.from(text));
    assert.equal('format' in detection && detection.format.id, id, text);
  }
});

test('what is none of our formats is named', () => {
  const cases: [Buffer, RegExp][] = [
    [Buffer.from('<!doctype html><title>x'), /HTML/],
    [Buffer.from('<?xml version="1.0"?>\n<!DOCTYPE html>\n<html/>'), /HTML/],
    [Buffer.from('504b0304', 'hex'), /zip archive \(an Excel workbook/],
    [Buffer.from('%PDF-1.7'), /PDF/],
    [Buffer.from('PAR1xxxx'), /Parquet/],
    [Buffer.from('a,b\n', 'utf16le'), /binary data/],
    [Buffer.from('\uFEFFa,b\n', 'utf16le'), /UTF-16/],
    [Buffer.from('89504e470d0a1a0a', 'hex'), /PNG/],
  ];
  for (const [head, words] of cases) {
    const detection = detectFormat(head);
    assert.match('foreign' in detection ? detection.foreign : '', words);
  }
});

const drain = async (bytes: AsyncIterable<Uint8Array>) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
};

test('an archive cut off anywhere ends early, a damaged one is damaged', async () => {
  const archive = gzipSync('a,b\n'.repeat(1000));
  assert.ok(isGzip(archive));
  for (const cut of [5, 20, archive.length - 9, archive.length - 1])
    await assert.rejects(drain(gunzip(pieces(archive.subarray(0, cut)))), { type: 'malformed-data', message: /ends early/ });
  const damaged = Buffer.from(archive);
  damaged[archive.length - 6] = (damaged[archive.length - 6] as number) ^ 0xff;
  await assert.rejects(drain(gunzip(pieces(damaged))), { type: 'malformed-data', message: /damaged \(incorrect data check\)/ });
});

test("the source's own failure comes through an archive as it is", async () => {
  const failing = async function* () {
    yield gzipSync('x').subarray(0, 12);
    throw new Error('the line went dead');
  };
  await assert.rejects(drain(gunzip(failing())), /the line went dead/);
});

test('peeking takes nothing away', async () => {
  for (const size of [1, 3, 100]) {
    const { head, bytes } = await peek(pieces('hello world', size), 5);
    assert.ok(head.toString().startsWith('hello'));
    assert.equal((await drain(bytes)).toString(), 'hello world');
  }
  assert.equal((await peek(pieces(''), 5)).head.length, 0);
});

test('a character cut off at the end of the data is an error', async () => {
  const read = async () => {
    for await (const _ of decodeUtf8(pieces(Buffer.from('aé').subarray(0, 2))));
  };
  await assert.rejects(read(), { type: 'malformed-data', message: /ends inside a UTF-8 sequence at byte 2/ });
});
