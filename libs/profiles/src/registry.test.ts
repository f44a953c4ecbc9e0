import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isCoursePath } from '@almanac/domain';
import { generic } from './generic/index.ts';
import { profileNamed, profileOf, profiles } from './registry.ts';

test('every folder is a profile in the registry, and the other way round', () => {
  const folders = readdirSync(join(import.meta.dirname), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).sort(), ['generic', ...profiles.map(({ id }) => id)].sort());
});

const columns: Record<string, string[]> = {
  iss: ['EPOCH', 'X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT'],
  meteorites: ['name', 'id', 'recclass', 'mass (g)', 'reclat', 'reclong', 'GeoLocation'],
  genes: ['hgnc_id', 'symbol', 'name', 'locus_group', 'locus_type'],
  turbidity: ['datetime', 'sample_volume', 'calibration_constant', 'detector_current', 'analyzed_by'],
  degrees: ['id', 'year', 'degrees'],
  mars: ['site_id', 'latitude', 'longitude', 'composition'],
};

test('records of each kind are told apart, and anything else is of none', () => {
  for (const { id } of profiles) assert.equal(profileOf(columns[id] as string[]).id, id);
  assert.equal(profileOf(['time', 'latitude', 'longitude', 'mag']), generic);
  assert.equal(profileOf([]), generic);
  assert.equal(profileNamed('constructor'), generic);
});

test('routes are told apart by method and path, begin with /, and say what they do with an example', () => {
  const seen = new Map<string, string>();
  for (const { id, routes } of profiles) {
    for (const { method, path, summary, example, service } of routes) {
      const shape = `${method} ${path.replace(/:\w+/g, ':')}`;
      assert.equal(seen.get(shape), undefined, `${shape} of ${id} is ${seen.get(shape)}'s already`);
      seen.set(shape, id);
      assert.match(path, /^\/[\w:/-]*$/);
      assert.ok(summary.length > 0 && summary.length <= 94, `${path}: ${summary.length} letters`);
      assert.ok(example.includes('$BASE'), path);
      if (service === 'ingest') assert.ok(isCoursePath(path), path);
    }
  }
});

test('a default plot names columns of the profile', () => {
  for (const { id, defaultPlot = {}, derived } of profiles) {
    const known = new Set([...(columns[id] as string[]), ...derived.map(({ name }) => name)]);
    for (const name of [defaultPlot.x, defaultPlot.y].flat())
      if (name !== undefined) assert.ok(known.has(name as string), `${id}: ${name}`);
  }
});
