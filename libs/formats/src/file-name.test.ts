import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetIdFromFile, readFileName } from './file-name.ts';

test('a file name says the format and whether the file is gzipped', () => {
  const read = (name: string) => {
    const { format, isGzipped, stem } = readFileName(name);
    return [format?.id, isGzipped, stem];
  };
  assert.deepEqual(read('a/Meteorite Landings.csv'), ['csv', false, 'Meteorite Landings']);
  assert.deepEqual(read('C:\\data\\x.NDJSON.gz'), ['ndjson', true, 'x']);
  assert.deepEqual(read('x.y.yml'), ['yaml', false, 'x.y']);
  assert.deepEqual(read('ISS.oem'), ['oem', false, 'ISS']);
  assert.deepEqual(read('notes.txt'), [undefined, false, 'notes']);
  assert.deepEqual(read('x.xlsx'), [undefined, false, 'x.xlsx']);
  assert.deepEqual(read('README'), [undefined, false, 'README']);
  assert.deepEqual(read('x.gz'), [undefined, true, 'x']);
});

test('a data set id is made from the name without what says the format', () => {
  for (const [name, id] of [
    ['Meteorite Landings.csv', 'meteorite-landings'],
    ['/data/hgnc_complete_set.2024-10.txt.gz', 'hgnc_complete_set-2024-10'],
    ['landings.yaml', 'landings'],
    ['....csv', 'dataset'],
  ] as const)
    assert.equal(datasetIdFromFile(name), id);
});
