import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnReport, ColumnType } from '@almanac/domain';
import { Value } from 'typebox/value';
import { plotTypes } from '../registry.ts';
import { choosePlot, type Given } from './choose-plot.ts';

interface Facts {
  distinct: number;
  present?: number;
  min?: number;
  max?: number;
  examples?: string[];
  unit?: string;
}

/** Columns as a load reports them: name -> type and what is counted of it, over `rows` records. */
function schema(rows: number, columns: Record<string, [ColumnType, Facts]>): ColumnReport[] {
  return Object.entries(columns).map(([name, [type, { distinct, present = rows, min, max, examples = [], unit }]]) => ({
    name,
    type,
    asStored: true,
    ...(unit === undefined ? {} : { unit }),
    evidence: {
      present,
      missing: rows - present,
      kinds: { [type]: present },
      distinct: Math.min(1000, distinct),
      examples,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    },
  }));
}

const meteorites = schema(45_716, {
  name: ['string', { distinct: 1000 }],
  id: ['integer', { distinct: 1000, min: 1, max: 57_458 }],
  nametype: ['string', { distinct: 2 }],
  recclass: ['string', { distinct: 466 }],
  'mass (g)': ['number', { distinct: 1000, present: 45_585, min: 0, max: 6e7, examples: ['21', '720', '107000'] }],
  fall: ['string', { distinct: 2 }],
  year: ['integer', { distinct: 268, present: 45_425, min: 860, max: 2101 }],
  reclat: ['number', { distinct: 1000, present: 38_401, min: -87.4, max: 81.2 }],
  reclong: ['number', { distinct: 1000, present: 38_401, min: -165, max: 354 }],
  GeoLocation: ['string', { distinct: 1000, present: 38_401 }],
});
const genes = schema(43_882, {
  hgnc_id: ['string', { distinct: 1000 }],
  symbol: ['string', { distinct: 1000 }],
  name: ['string', { distinct: 1000 }],
  locus_group: ['string', { distinct: 4 }],
  locus_type: ['string', { distinct: 23 }],
  status: ['string', { distinct: 1 }],
  location: ['string', { distinct: 1000 }],
  date_approved_reserved: ['time', { distinct: 1000 }],
  entrez_id: ['integer', { distinct: 1000, min: 1, max: 1.3e8 }],
  orphanet: ['integer', { distinct: 1000, present: 4_000, min: 1, max: 700_000 }],
  kznf_gene_catalog: ['string', { distinct: 0, present: 0 }],
});
const quakes = schema(9_278, {
  time: ['time', { distinct: 1000 }],
  latitude: ['number', { distinct: 1000, min: -61, max: 83 }],
  longitude: ['number', { distinct: 1000, min: -180, max: 180 }],
  depth: ['number', { distinct: 1000, min: -3, max: 640 }],
  mag: ['number', { distinct: 400, min: -1.5, max: 6.7 }],
  magType: ['string', { distinct: 9 }],
  id: ['string', { distinct: 1000 }],
  place: ['string', { distinct: 1000 }],
});
const turbidity = schema(370, {
  datetime: ['time', { distinct: 370 }],
  sample_volume: ['number', { distinct: 10, min: 1.15, max: 1.24 }],
  calibration_constant: ['number', { distinct: 100, min: 0.95, max: 1.05 }],
  detector_current: ['number', { distinct: 100, min: -1.2, max: 1.2 }],
  analyzed_by: ['string', { distinct: 5 }],
});
const station = schema(5_926, {
  EPOCH: ['time', { distinct: 1000 }],
  X: ['number', { distinct: 1000, min: -6758, max: 6754, unit: 'km' }],
  Y: ['number', { distinct: 1000, min: -6745, max: 6729, unit: 'km' }],
  Z: ['number', { distinct: 1000, min: -5339, max: 5333, unit: 'km' }],
  X_DOT: ['number', { distinct: 1000, min: -7.6, max: 7.6, unit: 'km/s' }],
  Y_DOT: ['number', { distinct: 1000, min: -7.6, max: 7.6, unit: 'km/s' }],
  Z_DOT: ['number', { distinct: 1000, min: -6, max: 6, unit: 'km/s' }],
});
const degrees = schema(5, {
  id: ['integer', { distinct: 5, min: 0, max: 4 }],
  year: ['integer', { distinct: 5, min: 1990, max: 1994 }],
  degrees: ['integer', { distinct: 5, min: 5725, max: 6123 }],
});
const irises = schema(150, {
  sepal_length: ['number', { distinct: 35, min: 4.3, max: 7.9 }],
  sepal_width: ['number', { distinct: 23, min: 2, max: 4.4 }],
  species: ['string', { distinct: 3 }],
});
const animals = schema(62, {
  animal: ['string', { distinct: 62 }],
  body_kg: ['number', { distinct: 60, min: 0.005, max: 6654 }],
  brain_g: ['number', { distinct: 59, min: 0.14, max: 5712 }],
});
const heights = schema(500, {
  person_id: ['integer', { distinct: 500, min: 1, max: 500 }],
  height: ['number', { distinct: 90, min: 1.4, max: 2.1 }],
});
const answers = schema(800, {
  respondent: ['string', { distinct: 800 }],
  smokes: ['boolean', { distinct: 2 }],
  region: ['string', { distinct: 14 }],
  answer: ['string', { distinct: 5 }],
});
const visits = schema(2_000, { seen: ['time', { distinct: 1000 }], sessionId: ['string', { distinct: 1000 }] });
const cities = schema(1_000, {
  city: ['string', { distinct: 1000 }],
  country: ['string', { distinct: 120 }],
  population: ['integer', { distinct: 998, min: 1200, max: 3.7e7 }],
});

const cases: [string, ColumnReport[], string, Record<string, unknown>][] = [
  ['meteorites: positions', meteorites, 'scatter', { x: 'reclong', y: 'reclat', equalAspect: true }],
  ['genes: groups of loci', genes, 'bar', { x: 'locus_group' }],
  ['earthquakes: positions', quakes, 'scatter', { x: 'longitude', y: 'latitude', equalAspect: true }],
  ['turbidity: over time', turbidity, 'line', { x: 'datetime', y: 'sample_volume' }],
  ['state vectors: X, Y and Z over time', station, 'line', { x: 'EPOCH', y: ['X', 'Y', 'Z'] }],
  ['degrees: over the years, not over ids', degrees, 'line', { x: 'year', y: 'degrees' }],
  ['irises: two measures', irises, 'scatter', { x: 'sepal_length', y: 'sepal_width' }],
  ['animals: two measures over decades', animals, 'scatter', { x: 'body_kg', y: 'brain_g', logX: true, logY: true }],
  ['heights: one measure', heights, 'histogram', { x: 'height' }],
  ['answers: the readable groups, not the names', answers, 'bar', { x: 'region' }],
  ['visits: times alone', visits, 'histogram', { x: 'seen' }],
  ['cities: one measure, names set aside', cities, 'histogram', { x: 'population' }],
];
for (const [name, columns, type, params] of cases) {
  test(`told nothing, ${name}`, () => {
    const choice = choosePlot(columns);
    assert.deepEqual([choice.type, choice.params], [type, params]);
    assert.match(choice.reason, /^\S.*\.$/);
  });
}

const told: [string, ColumnReport[], Given, string, Record<string, unknown>][] = [
  ['a type', meteorites, { type: 'histogram' }, 'histogram', { x: 'mass (g)' }],
  ['bar', meteorites, { type: 'bar' }, 'bar', { x: 'nametype' }],
  ['line without a time', irises, { type: 'line' }, 'line', { x: 'sepal_length', y: 'sepal_width' }],
  ['a number as x', quakes, { x: 'mag' }, 'histogram', { x: 'mag' }],
  ['a text as x', quakes, { x: 'magType' }, 'bar', { x: 'magType' }],
  ['a time as x', quakes, { x: 'time' }, 'line', { x: 'time', y: 'depth' }],
  ['a number as y', quakes, { y: 'mag' }, 'line', { x: 'time', y: 'mag' }],
  ['several y', station, { y: ['X', 'X_DOT'] }, 'line', { x: 'EPOCH', y: ['X', 'X_DOT'] }],
  ['two numbers', quakes, { x: 'depth', y: 'mag' }, 'scatter', { x: 'depth', y: 'mag' }],
  ['a group and a number', quakes, { x: 'magType', y: 'mag' }, 'bar', { x: 'magType', y: 'mag', aggregate: 'mean' }],
  ['a parameter of one type', meteorites, { bins: 20 }, 'histogram', { x: 'mass (g)', bins: 20 }],
  ['a colour', meteorites, { color: 'year' }, 'scatter', { x: 'reclong', y: 'reclat', equalAspect: true, color: 'year' }],
  ['everything', degrees, { type: 'scatter', x: 'id', y: 'year', opacity: 0.5 }, 'scatter', { x: 'id', y: 'year', opacity: 0.5 }],
];
for (const [name, columns, given, type, params] of told) {
  test(`told ${name}: it is kept and the rest chosen`, () => {
    const choice = choosePlot(columns, given);
    assert.deepEqual([choice.type, choice.params], [type, params]);
  });
}

test('whatever is chosen is valid, for every column as x and every type', () => {
  for (const columns of [meteorites, genes, quakes, turbidity, station, degrees, irises, animals, heights, answers, visits, cities]) {
    const types = Object.keys(plotTypes) as (keyof typeof plotTypes)[];
    const asked: Given[] = [...columns.map(({ name }) => ({ x: name })), ...types.map((type) => ({ type }))];
    for (const given of [{}, ...asked]) {
      try {
        const { type, params } = choosePlot(columns, given);
        assert.deepEqual([...Value.Errors(plotTypes[type].Params, params)], []);
        for (const [name, value] of Object.entries(given)) assert.equal(name === 'type' ? type : params[name], value);
      } catch (error) {
        assert.equal((error as { type?: string }).type, 'unsuitable-column', String(error));
      }
    }
  }
});

test('where nothing can be drawn, it says so and names the wrong one', () => {
  const keys = schema(90, { key: ['string', { distinct: 90 }], note: ['json', { distinct: 90 }] });
  assert.throws(() => choosePlot(keys), { type: 'unsuitable-column' });
  assert.throws(() => choosePlot([]), { type: 'unsuitable-column' });
  assert.throws(() => choosePlot(quakes, { x: 'magg' }), { type: 'unknown-column', message: /did you mean 'mag'/ });
  assert.throws(() => choosePlot(quakes, { bins: 5, size: 'mag' }), { type: 'invalid-body', message: /bins, size/ });
  assert.throws(() => choosePlot(quakes, { type: 'histogram', x: 'place' }), { type: 'unsuitable-column' });
});
