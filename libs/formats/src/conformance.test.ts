import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Format, type FormatId, formatIds } from './format.ts';
import { gunzip } from './gunzip.ts';
import { formats } from './index.ts';
import { looksLike } from './sniff.ts';
import { parseAll, pieces } from './testing.ts';

// Tokens that a careless reader would change: long digits, trailing zeros, leading zeros, quotes, line ends, characters beyond ASCII.
const names = ['id', 'name', 'mass (g)', 'fell', 'when', 'say "hi"'];
const records: readonly (readonly string[])[] = [
  ['1', '"Aachen"', '21', 'true', '"2024-02-21T12:00:00Z"', '"a, b; c"'],
  ['2', '"Ålesund ☄ 🜨"', '1.50', 'false', 'null', '"two\\nlines"'],
  ['9007199254740993', '"007"', '-1e-7', 'true', '"2024-052T12:00:00.000Z"', '"say \\"no\\""'],
  ['4', '" spaced "', '0', 'null', '"1999-12-31 23:59"', '"tab\\tand back\\\\slash"'],
];
const expected = records.map((tokens) => `{${names.map((name, i) => `${JSON.stringify(name)}:${tokens[i]}`).join(',')}}`);

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const fieldOf = (token: string): string => {
  const value = JSON.parse(token) as unknown;
  return value === null ? '' : typeof value === 'string' ? (/[",;\t\r\n]/.test(value) ? quoted(value) : value) : token;
};
const delimitedBy = (delimiter: string) => (newline: string) =>
  [names.map(quoted), ...records.map((tokens) => tokens.map(fieldOf))].map((fields) => fields.join(delimiter)).join(newline) + newline;

/** How each format writes the records above. A new format adds itself here. */
const written: Record<FormatId, (newline: string) => string> = {
  csv: delimitedBy(','),
  tsv: delimitedBy('\t'),
  json: (newline) => `[${expected.join(`,${newline}`)}]${newline}`,
  ndjson: (newline) => expected.map((row) => row + newline).join(''),
};

test('every format file is in the registry and every id has its format', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const declaring = files.filter((file) => /export const \w+: Format = /.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));
  assert.deepEqual(declaring.map((file) => file.replace('.ts', '')).sort(), formats.map(({ id }) => id).sort());
  assert.deepEqual(
    formats.map(({ id }) => id),
    [...formatIds],
  );
});

test('media types and extensions name one format each', () => {
  for (const list of [formats.flatMap((f) => f.mediaTypes), formats.flatMap((f) => f.extensions)])
    assert.equal(new Set(list).size, list.length);
});

for (const format of formats) {
  const body = written[format.id]('\n');

  test(`${format.id}: the records come out as they went in`, async () => {
    const { texts, rejects, columns } = await parseAll(format, body);
    assert.deepEqual(texts, expected);
    assert.deepEqual(rejects, []);
    assert.deepEqual(
      columns.map(({ name, type }) => [name, type]),
      [
        ['id', 'integer'],
        ['name', 'string'],
        ['mass (g)', 'number'],
        ['fell', 'boolean'],
        ['when', 'time'],
        ['say "hi"', 'string'],
      ],
    );
  });

  test(`${format.id}: pieces may end at any byte`, async () => {
    for (const size of [1, 2, 3, 5, 7, 64]) await sameRows(format, Buffer.from(body), size);
    const bytes = Buffer.from(body);
    for (let cut = 1; cut < bytes.length; cut++) {
      const halves = async function* () {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      };
      const texts: string[] = [];
      for await (const batch of format.parse(halves(), { notes: new Set() })) texts.push(...batch.rows.map((row) => row.text));
      assert.deepEqual(texts, expected, `cut at byte ${cut}`);
    }
  });

  test(`${format.id}: a byte order mark, CRLF, empty lines and a missing last line end change nothing`, async () => {
    await sameRows(format, Buffer.from(`\uFEFF${body}`), 2);
    const crlf = written[format.id]('\r\n');
    for (const size of [1, 64]) await sameRows(format, Buffer.from(crlf), size);
    await sameRows(format, Buffer.from(written[format.id]('\n\n')), 3);
    await sameRows(format, Buffer.from(written[format.id]('\r\n\r\n')), 3);
    await sameRows(format, Buffer.from(body.trimEnd()), 1);
  });

  test(`${format.id}: gzip around it, in one archive or in several one after the other`, async () => {
    const whole = gzipSync(body);
    const parts = Buffer.concat([gzipSync(body.slice(0, 50)), gzipSync(body.slice(50))]);
    for (const archive of [whole, parts]) {
      for (const size of [1, 1000]) {
        const texts: string[] = [];
        for await (const batch of format.parse(gunzip(pieces(archive, size)), { notes: new Set() }))
          texts.push(...batch.rows.map((r) => r.text));
        assert.deepEqual(texts, expected);
      }
    }
  });

  test(`${format.id}: its first bytes tell what it is`, () => {
    assert.deepEqual(looksLike(Buffer.from(body)), { format: format.id });
  });

  test(`${format.id}: nothing, or white space alone, is no row and no error`, async () => {
    for (const nothing of ['', '\n', ' \n'])
      if (nothing !== ' \n' || format.id.endsWith('json')) assert.deepEqual((await parseAll(format, nothing)).texts, []);
  });

  test(`${format.id}: bytes that are not UTF-8 are named`, async () => {
    const bytes = Buffer.from(body);
    bytes[bytes.indexOf('Aachen') + 1] = 0xe9;
    await assert.rejects(parseAll(format, bytes), { type: 'malformed-data', message: /Byte [\d,]+ \(0xE9\) is not UTF-8/ });
  });
}

const odd = ['"', ',', '\n', '\r', '{', '}', '[', ']', '\\', ':', '\t', ';', ' ', '1', '\0', '\uFEFF', 'NaN', '-', 'é', '🜨'];

/** A repeatable sequence of whole numbers below n (a linear congruential generator, Numerical Recipes). */
function sequence(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function damaged(text: string, next: (n: number) => number): string {
  let out = text;
  for (let edits = 1 + next(4); edits > 0; edits--) {
    const at = next(out.length);
    out = out.slice(0, at) + (next(3) === 0 ? '' : odd[next(odd.length)]) + out.slice(at + next(3));
  }
  return out;
}

for (const format of formats) {
  test(`${format.id}: a damaged body is read or refused, never anything else, and in the same way whatever its pieces`, async () => {
    const next = sequence(7);
    const outcome = async (body: string, size: number) => {
      try {
        const { texts, rejects, notes, evidence } = await parseAll(format, body, size);
        for (const text of texts) assert.ok(typeof JSON.parse(text) === 'object' && !text.includes('\n'), text);
        return { texts, rejects, notes, evidence };
      } catch (error) {
        assert.equal((error as { type?: string }).type, 'malformed-data', `${JSON.stringify(body)}: ${error}`);
        // How much of what was found can be shown depends on how much had come.
        return (error as Error).message.replace(/ (found|with) ".*$/s, '');
      }
    };
    for (let i = 0; i < 100; i++) {
      const body = damaged(written[format.id]('\n'), next);
      const whole = await outcome(body, 1 << 16);
      for (const size of [1, 1 + next(20)]) assert.deepEqual(await outcome(body, size), whole, JSON.stringify(body));
    }
  });
}

async function sameRows(format: Format, body: Uint8Array, size: number): Promise<void> {
  const { texts, rejects } = await parseAll(format, body, size);
  assert.deepEqual(texts, expected);
  assert.deepEqual(rejects, []);
}
