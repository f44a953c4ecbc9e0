import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mark } from '../figure.ts';
import { figureOf, make, numbers, random, strings } from '../testing.ts';

type Of<M extends Mark['mark']> = Extract<Mark, { mark: M }>;

test('line: one mark a column, styles as matplotlib writes them, records in the order of x', () => {
  const x = numbers('t', [3, 1, 2], { type: 'time' });
  const [a, b] = [numbers('a', [30, 10, Number.NaN], { unit: 'm' }), numbers('b', [3, 1, 2], { unit: 'm' })];
  const figure = figureOf('line', [x, a, b], { x: 't', y: ['a', 'b'], styles: ['r-o', 'g--'] });
  const marks = figure.panels[0]!.marks as (Of<'line'> | Of<'points'>)[];
  assert.deepEqual(
    marks.map(({ mark, name, colour }) => [mark, name, colour]),
    [
      ['line', 'a', '#d62728'],
      ['points', 'a', '#d62728'],
      ['line', 'b', '#1b8a3a'],
    ],
  );
  assert.deepEqual(
    [[...marks[0]!.x], [...marks[0]!.y]],
    [
      [1, 2, 3],
      [10, Number.NaN, 30],
    ],
  );
  assert.equal((marks[2] as Of<'line'>).dash!.length, 2);
  assert.deepEqual([figure.panels[0]!.x.scale.kind, figure.panels[0]!.y.label], ['time', 'm']);
  assert.deepEqual(figure.notes, ['1 of 3 records has no a (m): the line has gaps there.', 'The records were sorted by t.']);
  assert.match(
    figure.description,
    /^Line plot of 3 records against t from 1970-01-01T00:00:00.001Z .*: a \(m\) from 10 to 30; b \(m\) from 1 to 3\.$/,
  );
});

test('line: subplots are a panel each, with x in common and colours that go on', () => {
  const columns = [numbers('x', [1, 2]), numbers('a', [1, 2]), numbers('b', [5, 6])];
  const { panels, shareX } = figureOf('line', columns, { x: 'x', y: ['a', 'b'], subplots: true });
  assert.deepEqual([panels.length, shareX, panels.map(({ y }) => y.label)], [2, true, ['a', 'b']]);
  assert.deepEqual(
    panels.map(({ marks }) => (marks[0] as Of<'line'>).colour),
    [0, 1],
  );
});

test('scatter: what is missing or has no place on a logarithmic axis is counted', () => {
  const columns = [numbers('x', [1, Number.NaN, 3, 4]), numbers('y', [10, 20, 0, -4], { unit: 'g' })];
  const figure = figureOf('scatter', columns, { x: 'x', y: 'y', logY: true });
  assert.deepEqual(figure.notes, [
    '1 of 4 records has no x and is not drawn.'.replace('no x', 'no x or y (g)'),
    '2 of 4 records have a y (g) of zero or less, which a logarithmic axis cannot show, and are not drawn.',
  ]);
  assert.match(figure.description, /3 points/);
});

test('scatter: a number colours by value with a bar, a text by group with ten colours and a grey', () => {
  const next = random(2);
  const x = numbers(
    'x',
    make(300, () => next()),
  );
  const y = numbers(
    'y',
    make(300, () => next()),
  );
  const mass = numbers(
    'mass',
    make(300, (i) => (i === 0 ? Number.NaN : i)),
    { unit: 'g' },
  );
  const kind = strings(
    'kind',
    Array.from({ length: 300 }, (_, i) => `k${Math.floor((i * i) % 13)}`),
  );
  const byValue = figureOf('scatter', [x, y, mass], { x: 'x', y: 'y', color: 'mass' });
  assert.deepEqual(byValue.panels[0]!.colourbar, { label: 'mass', unit: 'g', scale: { kind: 'linear', domain: [1, 299] } });
  assert.deepEqual(byValue.notes, ['1 of 300 records has no mass (g): grey dots.']);
  const byGroup = figureOf('scatter', [x, y, kind], { x: 'x', y: 'y', color: 'kind' });
  assert.equal(byGroup.panels[0]!.colourbar, undefined);
  assert.ok(byGroup.panels[0]!.keys![0]!.entries.length <= 11);
});

test('scatter: more than ten groups share a grey, and the note says how many', () => {
  const kind = strings(
    'kind',
    Array.from({ length: 90 }, (_, i) => `k${i % 15}`),
  );
  const figure = figureOf(
    'scatter',
    [
      numbers(
        'x',
        make(90, (i) => i),
      ),
      kind,
    ],
    { x: 'x', y: 'x', color: 'kind' },
  );
  const { entries } = figure.panels[0]!.keys![0]!;
  assert.deepEqual([entries.length, entries[10]!.name, entries[10]!.colour], [11, '5 others', 'rest']);
  assert.match(figure.notes.join(), /5 others with 30 records are grey/);
  const { codes, rest } = (figure.panels[0]!.marks[0] as Of<'points'>).colour as { codes: Int32Array; rest: number };
  assert.deepEqual([rest, Math.max(...codes), codes.filter((code) => code === rest).length], [10, 10, 30]);
});

test('scatter: area grows with the size column, large dots are drawn first, and a legend tells the sizes', () => {
  const figure = figureOf('scatter', [numbers('x', [0, 1, 2]), numbers('size', [1, 100, 25])], { x: 'x', y: 'x', size: 'size' });
  const mark = figure.panels[0]!.marks[0] as Of<'points'>;
  assert.deepEqual([...mark.x], [1, 2, 0]);
  const [large, half] = mark.radius as Float32Array;
  assert.equal(large! / half!, 2);
  assert.equal(figure.panels[0]!.keys![0]!.title, 'size');
});

test('scatter: longitude against latitude is drawn true to scale, with degrees', () => {
  const columns = [numbers('reclong', [-10, 10]), numbers('reclat', [-10, 10])];
  const [panel] = figureOf('scatter', columns, { x: 'reclong', y: 'reclat' }).panels;
  assert.deepEqual([panel!.equalAspect, panel!.x.format, panel!.y.format], [true, 'degreesEast', 'degreesNorth']);
  assert.equal(figureOf('scatter', columns, { x: 'reclong', y: 'reclat', equalAspect: false }).panels[0]!.equalAspect, false);
});

test('histogram: exactly the bins asked for, or bins of a round width', () => {
  const value = numbers('value', [...make(100, (i) => i / 7), Number.NaN]);
  const bars = (params: object) => figureOf('histogram', [value], { x: 'value', ...params }).panels[0]!.marks[0] as Of<'bars'>;
  const asked = bars({ bins: 13 });
  assert.deepEqual([asked.value.length, asked.from[0], asked.to[12]], [13, 0, 99 / 7]);
  const chosen = bars({});
  assert.ok(chosen.value.length >= 5 && [...chosen.from].every((edge) => Number.isInteger(edge)));
  for (const { value: counts } of [asked, chosen])
    assert.equal(
      (counts as Float64Array).reduce((a, b) => a + b),
      100,
    );
  assert.deepEqual(figureOf('histogram', [value], { x: 'value' }).notes, ['1 of 101 records has no value and is not counted.']);
});

test('histogram: skewed values get bins of equal ratio by themselves, others only when asked', () => {
  const next = random(3);
  const mass = numbers(
    'mass',
    make(500, () => 10 ** (next() * 7)),
  );
  const scale = (params: object) => figureOf('histogram', [mass], { x: 'mass', ...params }).panels[0]!.x.scale.kind;
  assert.deepEqual([scale({}), scale({ logX: false }), scale({ logX: true })], ['log', 'linear', 'log']);
  const bars = figureOf('histogram', [mass], { x: 'mass' }).panels[0]!.marks[0] as Of<'bars'>;
  const ratios = [...bars.from].map((edge, i) => bars.to[i]! / edge);
  for (const ratio of ratios) assert.ok(Math.abs(ratio / ratios[0]! - 1) < 1e-9);
  assert.equal(
    (bars.value as Float64Array).reduce((a, b) => a + b),
    500,
  );
});

test('bar: counts by default, the top ones, and how many were left out', () => {
  const kind = strings('kind', [...Array.from({ length: 60 }, (_, i) => `k${i % 30}`), 'k7', null]);
  const figure = figureOf('bar', [kind], { x: 'kind' });
  const [panel] = figure.panels;
  assert.deepEqual([(panel!.marks[0] as Of<'bars'>).value.length, panel!.x.label, panel!.y.label], [20, 'kind (20 of 30)', 'count']);
  assert.deepEqual(figure.notes, [
    '1 of 62 records has no kind and is not counted.',
    '10 of 30 values of kind are left out: those with the least.',
  ]);
  assert.match(figure.description, /20 of 30 values of kind: k7 3, k0 2/);
});

test('bar: another column is summed up; numbers are in order, long names lie down', () => {
  const year = numbers('year', [2001, 1999, 2001, 2000], { type: 'integer' });
  const mass = numbers('mass', [1, 5, 3, 2], { unit: 'g' });
  const values = (params: object) => figureOf('bar', [year, mass], { x: 'year', y: 'mass', ...params }).panels[0]!;
  assert.deepEqual([...(values({}).marks[0] as Of<'bars'>).value], [5, 2, 4]);
  assert.deepEqual([...(values({ aggregate: 'mean' }).marks[0] as Of<'bars'>).value], [5, 2, 2]);
  assert.deepEqual([...(values({ order: 'value' }).marks[0] as Of<'bars'>).value], [5, 4, 2]);
  assert.deepEqual([values({}).x.scale, values({}).y.label], [{ kind: 'band', categories: ['1999', '2000', '2001'] }, 'sum of mass']);
  const long = strings(
    'name',
    Array.from({ length: 8 }, (_, i) => `a rather long name ${i}`),
  );
  assert.equal((figureOf('bar', [long], { x: 'name' }).panels[0]!.marks[0] as Of<'bars'>).isHorizontal, true);
});

test('without a single record every type draws its axes and invents nothing', () => {
  const columns = [numbers('x', []), numbers('y', []), strings('kind', [])];
  for (const [type, params] of [
    ['line', { x: 'x', y: 'y' }],
    ['scatter', { x: 'x', y: 'y', color: 'kind', size: 'y' }],
    ['histogram', { x: 'x' }],
    ['histogram', { x: 'x', logX: true, logY: true }],
    ['bar', { x: 'kind' }],
    ['bar', { x: 'kind', y: 'y', aggregate: 'mean', logY: true }],
  ] as const) {
    const { panels, notes } = figureOf(type, columns, params);
    assert.equal(panels.length, 1);
    assert.deepEqual(notes, []);
  }
});
