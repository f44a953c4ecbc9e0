import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetIdFrom, formatVersion, isDatasetId, JobId, parseVersion } from './ids.ts';
import { matchesSchema } from './matches-schema.ts';

for (const [name, id] of [
  ['Meteorite Landings (2024)', 'meteorite-landings-2024'],
  ['hgnc_complete_set.2024-10', 'hgnc_complete_set-2024-10'],
  ['Größe & Gewicht', 'gro-e-gewicht'],
  ['Été', 'ete'],
  ['???', 'dataset'],
  ['', 'dataset'],
] as const) {
  test(`'${name}' becomes the data set '${id}'`, () => {
    assert.equal(datasetIdFrom(name), id);
    assert.ok(isDatasetId(id));
  });
}

test('ids that would be taken for something else are none', () => {
  for (const id of ['', 'genes.csv', 'Genes', '-a', 'a/b', 'a'.repeat(65), '../x']) assert.equal(isDatasetId(id), false, id);
  assert.ok(matchesSchema(JobId, '8e03978e-40d5-43e8-bc93-6894a57f9324'));
  assert.equal(matchesSchema(JobId, '8E03978E-40D5-43E8-BC93-6894A57F9324'), false);
});

test('a version is its number and half of its digest', () => {
  assert.equal(formatVersion(17, '3fa94c02d1b7e650aaaa'), '17-3fa94c02d1b7e650');
  assert.deepEqual(parseVersion('17-3fa94c02d1b7e650'), { seq: 17, digest16: '3fa94c02d1b7e650' });
  assert.deepEqual(parseVersion('17'), { seq: 17, digest16: undefined });
  for (const text of ['', '0', '-1', '17-', '17-xyz', 'latest', '1e3']) assert.equal(parseVersion(text), undefined, text);
});
