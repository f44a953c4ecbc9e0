import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isCoursePath } from '@almanac/domain';
import { Type } from 'typebox';
import { generic } from './generic/index.ts';
import type { Profile } from './profile.ts';
import { profileNamed, profileOf, profileRoutes, profiles } from './registry.ts';
import { json } from './response.ts';
import type { MakingRoute, ProfileRoute, ReadingRoute } from './route.ts';

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

test('a profile’s routes are told apart by method and path, begin with /, and say what they do with an example', () => {
  for (const { id, routes } of profiles) {
    const seen = new Set<string>();
    for (const { method, path, summary, example, service } of routes) {
      const shape = `${method} ${path.replace(/:\w+/g, ':')}`;
      assert.ok(!seen.has(shape), `${id} has ${shape} twice`);
      seen.add(shape);
      assert.match(path, /^\/[\w:/-]*$/);
      assert.ok(summary.length > 0 && summary.length <= 94, `${path}: ${summary.length} letters`);
      assert.ok(example.includes('$BASE'), path);
      if (service === 'ingest') assert.ok(isCoursePath(path), path);
    }
  }
});

test('where profiles claim one path it is one route, quick only where it is so for all', () => {
  const route = (path: string, more: Partial<ReadingRoute> = {}): ReadingRoute => {
    return { service: 'query', method: 'GET', path, summary: 's', example: '$BASE', respond: () => json(path), ...more };
  };
  const makes = { body: Type.Object({}), records: () => [], respond: () => json(1) };
  const making: MakingRoute = { ...route('/now'), service: 'ingest', method: 'POST', ...makes };
  const of = (id: string, routes: ProfileRoute[]): Profile => ({ ...generic, id, routes });
  const first = route('/now', { quick: true, summary: 'first' });
  const found = profileRoutes([of('a', [first, route('/a/:id', { quick: true })]), of('b', [route('/now'), making, route('/a/:key/b')])]);
  assert.deepEqual(
    found.map((one) => [one.method, one.path, one.summary, one.service === 'query' && one.quick === true]),
    [
      ['GET', '/now', 'first', false],
      ['GET', '/a/:id', 's', true],
      ['POST', '/now', 's', false],
      ['GET', '/a/:key/b', 's', false],
    ],
  );
  assert.deepEqual(profileRoutes([of('a', [first]), of('b', [first])]), [first]);
});

test('all profiles’ routes are one for each method and path, and name its parts alike', () => {
  const shapes = new Map<string, string>();
  for (const { method, path } of profiles.flatMap(({ routes }) => routes)) {
    const shape = `${method} ${path.replace(/:\w+/g, ':')}`;
    assert.equal(shapes.get(shape) ?? path, path, 'a router takes them for one path');
    shapes.set(shape, path);
  }
  assert.equal(profileRoutes().length, shapes.size);
});

test('a default plot names columns of the profile', () => {
  for (const { id, defaultPlot = {}, derived } of profiles) {
    const known = new Set([...(columns[id] as string[]), ...derived.map(({ name }) => name)]);
    for (const name of [defaultPlot.x, defaultPlot.y].flat())
      if (name !== undefined) assert.ok(known.has(name as string), `${id}: ${name}`);
  }
});
