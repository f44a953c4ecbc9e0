import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData } from '@almanac/testkit';
import { parse, stringify } from 'yaml';
import type { Format } from './format.ts';
import { oem } from './oem/oem.ts';
import { parseAll } from './testing.ts';
import { cases, damaged, sequence } from './testing-samples.ts';
import { yaml } from './yaml/yaml.ts';

/** Bodies of each kind of damage; FUZZ_ROUNDS=20000 for a long night. */
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

/** A body of this size that takes longer to be read or refused than this hangs, for all that anyone can tell. */
const HANGS_MS = 5000;

/** Reads a body that may be anything: rows come out that are JSON, or a problem that says why not. */
async function survive(format: Format, body: Uint8Array): Promise<void> {
  const before = process.cpuUsage();
  const shownBody = () => `${format.id}: ${JSON.stringify(Buffer.from(body).toString('latin1'))}`;
  try {
    const { texts, metadata } = await parseAll(format, body);
    for (const text of texts) assert.equal(typeof JSON.parse(text), 'object', shownBody());
    JSON.stringify(metadata);
  } catch (error) {
    assert.equal((error as { type?: string }).type, 'malformed-data', `${shownBody()}\n${(error as Error).stack}`);
  }
  assert.ok(process.cpuUsage(before).user < HANGS_MS * 1000, shownBody());
}

/** Bytes changed, doubled or left out here and there. */
function scratched(bytes: Buffer, next: (n: number) => number): Buffer {
  let out = Buffer.from(bytes);
  for (let edits = 1 + next(6); edits > 0; edits--) {
    const at = next(out.length);
    const kind = next(4);
    if (kind === 0) out[at] = next(256);
    else if (kind === 1) out[at] = (out[at] as number) ^ (1 << next(8));
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at), out.subarray(Math.min(out.length, at + next(40)))]);
    else out = Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - next(40)))]);
    if (out.length === 0) break;
  }
  return out;
}

for (const { format, sample, title } of cases) {
  const bytes = Buffer.from(sample.write('\n'));

  test(`${title}: bodies cut off at any byte`, async () => {
    for (let cut = 0; cut < bytes.length; cut++) await survive(format, bytes.subarray(0, cut));
  });

  test(`${title}: bodies with bytes that are wrong`, async () => {
    const next = sequence(SEED);
    for (let i = 0; i < ROUNDS; i++) await survive(format, scratched(bytes, next));
  });

  test(`${title}: bodies with characters that mean something to some format`, async () => {
    const next = sequence(SEED + 1);
    for (let i = 0; i < ROUNDS; i++) await survive(format, Buffer.from(damaged(bytes.toString(), next)));
  });

  test(`${title}: bodies of another format`, async () => {
    for (const { sample } of cases) await survive(format, Buffer.from(sample.write('\n')));
  });
}

const words = [
  '',
  'a',
  'yes',
  'null',
  '~',
  '1',
  '1.50',
  '0x1',
  '- a',
  'a: b',
  '# c',
  ' x ',
  'é🜨',
  '"',
  "'",
  '&a',
  '*a',
  '!t',
  '%',
  '@',
  'a\nb',
  '\n',
  '\t',
  '---',
  '...',
  '{',
  '[',
  ',',
  '|',
  '>',
  '2024-02-21',
  '<<',
];

/** Records with all that YAML has a meaning for in names and values. */
function oddRecords(next: (n: number) => number, count: number): Record<string, unknown>[] {
  const word = () => Array.from({ length: next(4) }, () => words[next(words.length)]).join('');
  const value = (depth: number): unknown => {
    const kind = next(depth > 3 ? 6 : 8);
    if (kind === 6) return Array.from({ length: next(4) }, () => value(depth + 1));
    if (kind === 7) return Object.fromEntries(Array.from({ length: next(4) }, () => [word(), value(depth + 1)]));
    return [next(1000), next(1000) / 8, true, null, word(), word()][kind];
  };
  return Array.from({ length: count }, () => Object.fromEntries(Array.from({ length: 1 + next(5) }, () => [word(), value(0)])));
}

const styles = [
  {},
  { lineWidth: 20 },
  { collectionStyle: 'flow' },
  { defaultStringType: 'QUOTE_SINGLE' },
  { indent: 4, indentSeq: false },
] as const;

test('yaml: records that are taken out of the tree one by one are what the library makes of the whole', async () => {
  const next = sequence(SEED);
  for (let i = 0; i < ROUNDS / 10; i++) {
    const records = oddRecords(next, 1 + next(200));
    const isRoot = next(2) === 0;
    const body = stringify(isRoot ? records : { title: 'x', list: records, tail: 'y' }, styles[next(styles.length)]);
    const whole = parse(body, { uniqueKeys: false }) as { list: unknown[] } & unknown[];
    const { texts, rejects } = await parseAll(yaml, body);
    assert.deepEqual(rejects, [], body);
    assert.deepEqual(
      texts.map((text) => JSON.parse(text) as unknown),
      isRoot ? whole : whole.list,
      body,
    );
  }
});

test('yaml: long lists with characters changed', async () => {
  const next = sequence(SEED);
  for (let i = 0; i < ROUNDS; i++) {
    const body = stringify({ list: oddRecords(next, 60) }, styles[next(styles.length)]);
    await survive(yaml, Buffer.from(damaged(body, next)));
  }
});

for (const name of ['iss/ISS.OEM_J2K_EPH.2024-052.xml', 'iss/ISS.OEM_J2K_EPH.2024-052.txt']) {
  const file = sharedData(name);
  test(`${name} cut off anywhere is refused, and the place is named`, { skip: file.skip }, async () => {
    const next = sequence(SEED);
    const bytes = readFileSync(file.path);
    // Of keyword = value, the last states may be missing without being missed: STOP_TIME may be rounded.
    const end = bytes.length - (name.endsWith('.txt') ? 2000 : 20);
    for (let i = 0; i < 20; i++) {
      const cut = 1000 + next(end - 1000);
      await assert.rejects(
        parseAll(oem, bytes.subarray(0, cut)),
        { type: 'malformed-data', message: /^Line [\d,]+, column \d+: / },
        `at ${cut}`,
      );
    }
  });
}
