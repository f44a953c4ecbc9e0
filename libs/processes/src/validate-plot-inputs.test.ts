import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { column, meteorites } from './testing.ts';
import { validatePlotInputs } from './validate-plot-inputs.ts';

const resolve = (inputs: Record<string, unknown>, columns = meteorites) => validatePlotInputs({ dataset: 'stones', ...inputs }, columns);

const histogram = { type: 'histogram', x: 'mass (g)' };
const wrong: [string, Record<string, unknown>, string, string | undefined, RegExp][] = [
  ['an unknown type', { type: 'scater' }, 'unknown-plot-type', '/inputs/type', /'scater' \(did you mean 'scatter'\?\)/],
  ['a type that is no text', { type: ['line'] }, 'unknown-plot-type', '/inputs/type', /a list \(there are: line, scatter/],
  ['a type named like a member of every object', { type: 'constructor' }, 'unknown-plot-type', '/inputs/type', /constructor/],
  ['an unknown member', { ...histogram, binz: 5 }, 'invalid-body', '/inputs/binz', /'binz' \(did you mean 'bins'\?\)/],
  ['a member that every object has', { ...histogram, toString: 1 }, 'invalid-body', '/inputs/toString', /toString/],
  ['a member of another type', { type: 'line', x: 'seen', y: 'reclat', bins: 5 }, 'invalid-body', '/inputs/bins', /histogram has/],
  ['an unknown column', { type: 'histogram', x: 'mass' }, 'unknown-column', '/inputs/x', /'mass' \(did you mean 'mass \(g\)'\?\)/],
  ['an unknown column in a list', { type: 'line', y: ['reclat', 'reclon'] }, 'unknown-column', '/inputs/y/1', /did you mean 'reclong'/],
  ['an unknown column without a type', { x: 'recclas' }, 'unknown-column', '/inputs/x', /did you mean 'recclass'/],
  [
    'a text column where numbers belong',
    { type: 'histogram', x: 'code' },
    'unsuitable-column',
    '/inputs/x',
    /'code' is of type string.*'x7' in row 7.*suitable: mass/,
  ],
  ['a number for a column', { type: 'histogram', x: 5 }, 'invalid-body', '/inputs/x', /'5' must be the name of a column/],
  [
    'an object for a column',
    { type: 'line', y: { a: 1 } },
    'invalid-body',
    '/inputs/y',
    /an object must be the name of a column or a list of names/,
  ],
  [
    'a list where one column belongs',
    { type: 'histogram', x: ['reclat'] },
    'invalid-body',
    '/inputs/x',
    /a list must be the name of a column/,
  ],
  ['an empty list of columns', { type: 'line', y: [] }, 'invalid-body', '/inputs/y', /1 to 20/],
  ['too many columns', { type: 'line', y: Array.from({ length: 21 }, (_, i) => `c${i}`) }, 'invalid-body', '/inputs/y', /not 21/],
  ['a column twice', { type: 'line', y: ['reclat', 'reclat'] }, 'invalid-body', '/inputs/y/1', /'reclat' is listed twice/],
  ['a size out of range', { width: 1e9 }, 'invalid-body', '/inputs/width', /'1000000000' must be <= 4096/],
  ['a size that is no number', { height: '480' }, 'invalid-body', '/inputs/height', /'480' must be an integer/],
  ['a title that is a book', { title: 'x'.repeat(301) }, 'invalid-body', '/inputs/title', /200/],
  ['a subplot beyond its grid', { subplot: [2, 1, 3] }, 'invalid-body', '/inputs/subplot/2', /no cell 3; 2 rows of 1 have 2 cells/],
  ['a subplot that is no list of three', { subplot: [2, 1] }, 'invalid-body', '/inputs/subplot', /3/],
  ['an unknown theme', { theme: 'papr' }, 'invalid-body', '/inputs/theme', /did you mean 'paper'/],
  ['a wrong bin count', { ...histogram, bins: 0 }, 'invalid-body', '/inputs/bins', /must be >= 1/],
  ['null for a parameter', { ...histogram, logX: null }, 'invalid-body', '/inputs/logX', /'null' must be a boolean/],
  ['where that is no object', { where: 'recclass=L6' }, 'invalid-body', '/inputs/where', /must be an object, for example/],
  ['where on an unknown column', { where: { clas: 'L5' } }, 'unknown-column', '/inputs/where/clas', /'clas'/],
  ['where on a member of every object', { where: { constructor: 1 } }, 'unknown-column', '/inputs/where/constructor', /constructor/],
  ['an unknown comparison', { where: { reclat: { above: 1 } } }, 'invalid-body', '/inputs/where/reclat/above', /'above'/],
  [
    'an unknown negated comparison',
    { where: { reclat: { 'not.above': 1 } } },
    'invalid-body',
    '/inputs/where/reclat/not.above',
    /not\.above/,
  ],
  ['not greater than null', { where: { reclat: { 'not.gt': null } } }, 'invalid-body', '/inputs/where/reclat/not.gt', /null/],
  ['not.in without a list', { where: { reclat: { 'not.in': 1 } } }, 'invalid-body', '/inputs/where/reclat/not.in', /must be a list/],
  ['an empty condition', { where: { reclat: {} } }, 'invalid-body', '/inputs/where/reclat', /empty/],
  [
    'a text against a number',
    { where: { reclat: { gte: 'north' } } },
    'invalid-body',
    '/inputs/where/reclat/gte',
    /'north' cannot be compared/,
  ],
  [
    'infinity',
    { where: { reclat: { lt: Number.POSITIVE_INFINITY } } },
    'invalid-body',
    '/inputs/where/reclat/lt',
    /must be a string, a number, a boolean, or null/,
  ],
  ['no time against a time', { where: { seen: '1990' } }, 'invalid-body', '/inputs/where/seen', /ISO 8601/],
  ['greater than null', { where: { reclat: { gt: null } } }, 'invalid-body', '/inputs/where/reclat/gt', /null/],
  ['a list outside in', { where: { reclat: { eq: [1] } } }, 'invalid-body', '/inputs/where/reclat/eq', /'in'/],
  ['in without a list', { where: { reclat: { in: 1 } } }, 'invalid-body', '/inputs/where/reclat/in', /'1' must be a list/],
  [
    'an object as a value',
    { where: { recclass: ['L6', {}] } },
    'invalid-body',
    '/inputs/where/recclass/1',
    /an object must be a string, a number, a boolean, or null/,
  ],
  ['too many values', { where: { recclass: Array(1001).fill('L6') } }, 'invalid-body', '/inputs/where/recclass', /1001/],
  ['a slash in a column', { where: { 'a/b~c': 1 } }, 'unknown-column', '/inputs/where/a~1b~0c', /a\/b/],
  ['time that is a text', { time: '1990' }, 'invalid-body', '/inputs/time', /must be an object, for example/],
  ['time without an end', { time: {} }, 'invalid-body', '/inputs/time', /one of from, to is required/],
  ['time with a stranger', { time: { form: '1990-01-01' } }, 'invalid-body', '/inputs/time/form', /did you mean 'from'/],
  ['a year as a time', { time: { from: 1990 } }, 'invalid-body', '/inputs/time/from', /'1990' must be a string, for example "1990-01-01"/],
  ['time backwards', { time: { from: '2000-01-01', to: '1990-01-01' } }, 'invalid-body', '/inputs/time', /later/],
  ['a bound said twice', { time: { from: '1990-01-01' }, where: { seen: { gte: '1991-01-01' } } }, 'invalid-body', '/inputs/time', /gte/],
];
for (const [name, inputs, type, path, detail] of wrong) {
  test(`${name}: ${type}`, () => {
    assert.throws(
      () => resolve(inputs),
      (error) => {
        assert.ok(error instanceof ProblemError, String(error));
        assert.deepEqual([error.type, error.errors?.[0]?.path], [type, path]);
        assert.match(error.message, detail);
        return true;
      },
    );
  });
}

test('what is nearly a number is refused at once, however long it is', () => {
  const before = process.cpuUsage();
  assert.throws(() => resolve({ where: { reclat: `${'1'.repeat(60_000)}x` } }), /cannot be compared/);
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('a time span without a time column is refused', () => {
  assert.throws(
    () => resolve({ time: { from: '1990-01-01' } }, [column('reclat', 'number')]),
    (error) => error instanceof ProblemError && error.type === 'unsuitable-column',
  );
});

test('a list nested as deep as a body can be is refused like any other', () => {
  const depth = 100_000;
  const deep: unknown = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  for (const inputs of [{ x: deep }, { title: deep }, { where: deep }, { where: { reclat: deep } }, { time: deep }, { type: deep }]) {
    assert.throws(() => resolve(inputs), ProblemError);
  }
});

test('a long text that is no number is refused at once', () => {
  const before = process.cpuUsage();
  assert.throws(() => resolve({ where: { reclat: `${'1'.repeat(100_000)}x` } }), ProblemError);
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('what is given is kept, and every default is written out', () => {
  const { inputs, reason } = resolve({ ...histogram, title: 'Masses', width: 800, logX: true });
  assert.deepEqual(inputs, {
    dataset: 'stones',
    version: 'latest',
    title: 'Masses',
    width: 800,
    height: 480,
    scale: 1,
    theme: 'paper',
    type: 'histogram',
    x: 'mass (g)',
    logX: true,
    logY: false,
  });
  assert.equal(reason, undefined, 'nothing was chosen, so nothing is to be explained');
});

test('told nothing but the data set, a plot is chosen and the choice explained', () => {
  const { inputs, reason } = resolve({});
  assert.deepEqual([inputs.type, inputs.x, inputs.y], ['scatter', 'reclong', 'reclat']);
  assert.match(reason as string, /positions/);
});

test('told a type, its columns are chosen, which is explained too', () => {
  const { inputs, reason } = resolve({ type: 'histogram' });
  assert.equal(inputs.type, 'histogram');
  assert.ok(meteorites.some(({ name }) => name === inputs.x));
  assert.match(reason as string, /\w+/);
});

test('time becomes a condition on the first time column, both ends of it included, beside what where says', () => {
  const where = { seen: { ne: null }, recclass: ['L6', 'H5'] };
  const { inputs } = resolve({ ...histogram, where, time: { from: '1990-01-01', to: '1999-365T12:00:00.000Z' } });
  assert.deepEqual(inputs.where, {
    seen: { ne: null, gte: '1990-01-01T00:00:00.000Z', lte: '1999-12-31T12:00:00.000Z' },
    recclass: ['L6', 'H5'],
  });
  assert.equal('time' in inputs, false);
  assert.deepEqual(resolve({ ...histogram, where: { seen: '1995-01-01' }, time: { to: '2000-01-01' } }).inputs.where, {
    seen: { eq: '1995-01-01', lte: '2000-01-01T00:00:00.000Z' },
  });
});

test('not. before an operator is kept, as in a URL', () => {
  const where = { reclat: { 'not.gte': 10 }, recclass: { 'not.in': ['L6', null], 'not.like': 'H*' } };
  assert.deepEqual(resolve({ ...histogram, where }).inputs.where, where);
});

test('numbers may be written as text in a filter, as in a URL', () => {
  assert.deepEqual(resolve({ ...histogram, where: { reclat: { gte: '-10.5e0' }, fell: 'true' } }).inputs.where, {
    reclat: { gte: '-10.5e0' },
    fell: 'true',
  });
});

test('a picture is bounded by its pixels, not by its sides alone, and the problem names limit and value', () => {
  for (const [picture, pixels] of [
    [{ width: 4096, height: 4096, scale: 3 }, 150_994_944],
    [{ width: 4096, height: 4096 }, 16_777_216],
    [{ width: 2001, height: 2000, scale: 2 }, 16_008_000],
    [{ width: 4096, height: 1303, scale: 1.7320508 }, 16_011_264],
    [{ height: 4096, scale: 3 }, 23_592_960],
  ] as const) {
    assert.throws(
      () => resolve({ ...histogram, ...picture }),
      (error: ProblemError) => {
        assert.deepEqual([error.status, error.type, error.extra.limit, error.extra.value], [400, 'invalid-body', 16_000_000, pixels]);
        return /is too large: [\d,]+ pixels, the limit is 16,000,000 pixels/.test(error.message);
      },
    );
  }
  for (const picture of [
    { width: 4000, height: 4000 },
    { width: 2000, height: 2000, scale: 2 },
    { width: 4096, height: 150, scale: 3 },
  ]) {
    assert.equal(resolve({ ...histogram, ...picture }).inputs.width, picture.width);
  }
});
