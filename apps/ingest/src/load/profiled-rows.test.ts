import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EvidenceCounter, formats, parseOptions, type Row } from '@almanac/formats';
import { profileNamed } from '@almanac/profiles';
import { ProfiledRows } from './profiled-rows.ts';

/** The rows of a body as a profile has them, told from the names in the first `seen` of them. */
async function known(profile: string, format: string, body: string, seen = 1) {
  const rows: Row[] = [];
  const { parse } = formats.find(({ id }) => id === format) as (typeof formats)[number];
  async function* bytes() {
    yield Buffer.from(body);
  }
  for await (const batch of parse(bytes(), parseOptions())) rows.push(...batch.rows);
  const all = new ProfiledRows(profileNamed(profile), new Set(rows.slice(0, seen).flatMap((row) => row.names())));
  const changed = rows.map((row) => all.profiled(row));
  const evidence = new EvidenceCounter();
  for (const row of changed) evidence.count(row);
  return { texts: changed.map(({ text }) => text), rows: changed, all, evidence };
}

test('a name that other sources write otherwise is the profile’s; a row that has both keeps both', async () => {
  for (const format of ['ndjson', 'csv'] as const) {
    const lines = { ndjson: '{"id":1,"mass_g":5}\n{"id":2,"mass_g":7,"mass (g)":8}\n', csv: 'id,mass_g\n1,5\n' };
    const { texts, rows, evidence } = await known('meteorites', format, lines[format]);
    assert.equal(texts[0], '{"id":1,"mass (g)":5}');
    assert.deepEqual([rows[0]?.names(), rows[0]?.keyText('mass (g)'), rows[0]?.keyText('mass_g')], [['id', 'mass (g)'], '5', undefined]);
    if (format === 'csv') continue;
    assert.equal(texts[1], '{"id":2,"mass_g":7,"mass (g)":8}');
    assert.deepEqual(
      [rows[1]?.names(), rows[1]?.keyText('mass (g)'), rows[1]?.keyText('mass_g')],
      [['id', 'mass_g', 'mass (g)'], '8', '7'],
    );
    assert.deepEqual(
      evidence.columns().map(({ name }) => [name, evidence.evidence()[name]?.present]),
      [
        ['id', 2],
        ['mass (g)', 2],
        ['mass_g', 1],
      ],
    );
  }
});

const measured = (a0: unknown, i90: unknown, more = {}) =>
  JSON.stringify({ datetime: '2023-02-01 00:00', calibration_constant: a0, detector_current: i90, ...more });

test('a member is renamed wherever the row lacks its target, whatever the first rows have; notes tell only what was done', async () => {
  for (const seen of [0, 1, 2]) {
    const { texts, all } = await known(
      'meteorites',
      'ndjson',
      '{"id":1,"mass (g)":8}\n{"id":2,"mass_g":7,"mass (g)":8}\n{"id":3,"mass_g":5}\n',
      seen,
    );
    assert.deepEqual(texts, ['{"id":1,"mass (g)":8}', '{"id":2,"mass_g":7,"mass (g)":8}', '{"id":3,"mass (g)":5}']);
    assert.deepEqual(all.notes, ["Column 'mass_g' was renamed to 'mass (g)', the usual name for this kind of data."]);
  }
  const both = await known('meteorites', 'csv', 'id,mass_g,mass (g)\n1,7,8\n');
  assert.deepEqual([both.texts, both.all.notes], [['{"id":1,"mass_g":7,"mass (g)":8}'], []]);
});

test('what is computed is a number or nothing', async () => {
  const body = [measured(2, 3), measured('1.5', ' 2 '), measured(1e200, 1e200), measured(null, 1), measured('x', 1)].join('\n');
  const { texts, evidence } = await known('turbidity', 'ndjson', `${body}\n`);
  assert.deepEqual(
    texts.map((text) => (JSON.parse(text) as { turbidity: unknown }).turbidity),
    [6, 3, null, null, null],
  );
  assert.deepEqual(evidence.evidence().turbidity?.present, 2);
});

test('a row’s own value of a computed column stays, and the column is then the source’s', async () => {
  const { texts, rows, all, evidence } = await known('turbidity', 'ndjson', `${measured(2, 3)}\n${measured(2, 3, { turbidity: 9 })}\n`);
  assert.deepEqual(
    texts.map((text) => (JSON.parse(text) as { turbidity: unknown }).turbidity),
    [6, 9],
  );
  assert.deepEqual(rows[1]?.names(), ['datetime', 'calibration_constant', 'detector_current', 'turbidity']);
  const { present, max } = evidence.evidence().turbidity ?? {};
  assert.deepEqual([present, max], [2, 9]);
  assert.deepEqual([...all.derived], []);
  assert.deepEqual([...(await known('turbidity', 'ndjson', `${measured(2, 3)}\n`)).all.derived], ['turbidity']);
  assert.deepEqual([...(await known('turbidity', 'ndjson', `${measured(2, 3, { turbidity: 9 })}\n`)).all.derived], []);
});
