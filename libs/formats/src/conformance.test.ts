import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { detectFormat } from './detect.ts';
import { type Format, parseOptions } from './format.ts';
import { gunzip } from './gunzip.ts';
import { formats } from './registry.ts';
import { parseAll, pieces } from './testing.ts';
import { cases, damaged, type Sample, sequence } from './testing-samples.ts';

test('every file that exports a format is in the registry', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const declaring = files.filter((file) => /export const \w+: Format = \{/.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));
  assert.deepEqual(declaring.map((file) => basename(file, '.ts')).sort(), formats.map(({ id }) => id).sort());
});

test('every format has a sample here, and is described as the others are', () => {
  for (const format of formats) {
    assert.ok(
      cases.some((one) => one.format === format),
      `${format.id}: a sample in testing-samples.ts is missing`,
    );
    assert.match(format.id, /^[a-z\d]+$/);
    assert.ok(format.title.startsWith(`${format.id.toUpperCase()}: `), format.title);
    assert.ok(format.mediaTypes.length > 0 && format.extensions.length > 0);
    for (const extension of format.extensions) assert.match(extension, /^\.[a-z\d]+$/);
    if (format.container !== undefined) assert.ok(formats.some(({ id }) => id === format.container));
  }
});

test('media types and extensions name one format each', () => {
  for (const list of [formats.flatMap((f) => f.mediaTypes), formats.flatMap((f) => f.extensions)])
    assert.equal(new Set(list).size, list.length);
});

for (const { format, sample, title } of cases) {
  const body = sample.write('\n');

  test(`${title}: the records come out as they went in`, async () => {
    const { texts, rejects, columns } = await parseAll(format, body);
    assert.deepEqual(texts, sample.rows);
    assert.deepEqual(rejects, []);
    assert.deepEqual(
      columns.map(({ name, type }) => [name, type]),
      sample.types,
    );
  });

  test(`${title}: pieces may end at any byte`, async () => {
    for (const size of [1, 2, 3, 5, 7, 64]) await sameRows(format, sample, Buffer.from(body), size);
    const bytes = Buffer.from(body);
    for (let cut = 1; cut < bytes.length; cut++) {
      const halves = async function* () {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      };
      const texts: string[] = [];
      for await (const batch of format.parse(halves(), parseOptions())) texts.push(...batch.rows.map((row) => row.text));
      assert.deepEqual(texts, sample.rows, `cut at byte ${cut}`);
    }
  });

  test(`${title}: a byte order mark, CRLF, empty lines and a missing last line end change nothing`, async () => {
    await sameRows(format, sample, Buffer.from(`\uFEFF${body}`), 2);
    const crlf = sample.write('\r\n');
    for (const size of [1, 64]) await sameRows(format, sample, Buffer.from(crlf), size);
    await sameRows(format, sample, Buffer.from(sample.write('\n\n')), 3);
    await sameRows(format, sample, Buffer.from(sample.write('\r\n\r\n')), 3);
    await sameRows(format, sample, Buffer.from(body.trimEnd()), 1);
  });

  test(`${title}: gzip around it, in one archive or in several one after the other`, async () => {
    const whole = gzipSync(body);
    const parts = Buffer.concat([gzipSync(body.slice(0, 50)), gzipSync(body.slice(50))]);
    for (const archive of [whole, parts]) {
      for (const size of [1, 1000]) {
        const texts: string[] = [];
        for await (const batch of format.parse(gunzip(pieces(archive, size)), parseOptions())) texts.push(...batch.rows.map((r) => r.text));
        assert.deepEqual(texts, sample.rows);
      }
    }
  });

  test(`${title}: its first bytes tell what it is`, () => {
    const detection = detectFormat(Buffer.from(body));
    assert.ok('format' in detection && detection.format === format);
    assert.equal(format.contradicts({ id: format.id, first: detection.first }), false);
  });

  test(`${title}: nothing, or white space alone, is no row and no error`, async () => {
    for (const nothing of ['', '\n', ' \n'])
      if (nothing !== ' \n' || (format.id !== 'csv' && format.id !== 'tsv')) assert.deepEqual((await parseAll(format, nothing)).texts, []);
  });

  test(`${title}: bytes that are not UTF-8 are named`, async () => {
    const bytes = Buffer.from(body);
    bytes[bytes.indexOf('Aachen') + 1] = 0xe9;
    await assert.rejects(parseAll(format, bytes), { type: 'malformed-data', message: /Byte [\d,]+ \(0xE9\) is not UTF-8/ });
  });
}

for (const { format, sample, title } of cases) {
  test(`${title}: a damaged body is read or refused, never anything else, and in the same way whatever its pieces`, async () => {
    const next = sequence(7);
    const outcome = async (body: string, size: number) => {
      try {
        const { texts, rejects, notes, evidence, metadata } = await parseAll(format, body, size);
        for (const text of texts) assert.ok(typeof JSON.parse(text) === 'object' && !text.includes('\n'), text);
        return { texts, rejects, notes, evidence, metadata };
      } catch (error) {
        assert.equal((error as { type?: string }).type, 'malformed-data', `${JSON.stringify(body)}: ${error}`);
        // How much of what was found can be shown depends on how much had come.
        return (error as Error).message.replace(/ (found|with) ".*$/s, '');
      }
    };
    for (let i = 0; i < 100; i++) {
      const body = damaged(sample.write('\n'), next);
      const whole = await outcome(body, 1 << 16);
      for (const size of [1, 1 + next(20)]) assert.deepEqual(await outcome(body, size), whole, JSON.stringify(body));
    }
  });
}

async function sameRows(format: Format, sample: Sample, body: Uint8Array, size: number): Promise<void> {
  const { texts, rejects } = await parseAll(format, body, size);
  assert.deepEqual(texts, sample.rows);
  assert.deepEqual(rejects, []);
}
