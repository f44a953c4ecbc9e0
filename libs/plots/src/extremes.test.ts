import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFonts } from './font.ts';
import { layoutFigure } from './layout/layout.ts';
import type { PlotColumn } from './plot-type.ts';
import { plotTypeIds } from './registry.ts';
import { paintSvg } from './svg-painter.ts';
import { figureOf, numbers, random, strings } from './testing.ts';
import { histogramBars } from './testing-extremes.ts';

const font = readFonts();
const ulpAbove = (value: number) => value + Math.abs(value) * 2 ** -52;

/** Numbers at the edges of what a double can hold, alone and in company. */
const kinds: Readonly<Record<string, (next: () => number) => number>> = {
  'both ends': (next) => (next() < 0.5 ? 1e308 : -1e308) * (1 + next() * 0.79),
  'greatest doubles': (next) => Number.MAX_VALUE * (1 - Math.floor(next() * 3) * 2 ** -52),
  subnormal: (next) => Math.floor(next() * 9) * 5e-324,
  'every size': (next) => (next() < 0.3 ? -1 : 1) * 10 ** (next() * 630 - 322),
  'every positive size': (next) => 10 ** (next() * 630 - 322),
  'one huge among small': (next) => (next() < 0.1 ? 1.7e308 : next()),
  'one tiny among zeros': (next) => (next() < 0.1 ? 5e-324 : 0),
  'neighbours of one': (next) => (next() < 0.5 ? 1 : ulpAbove(1)),
  'neighbours of 1e300': (next) => (next() < 0.5 ? 1e300 : ulpAbove(1e300)),
  'neighbours of 1e16': (next) => 1e16 + 2 * Math.floor(next() * 2),
  'constant 1e300': () => 1e300,
  'constant 5e-324': () => 5e-324,
  'constant -1e17': () => -1e17,
  'constant zero of both signs': (next) => (next() < 0.5 ? 0 : -0),
  'nothing at all': () => Number.NaN,
  'no finite number': (next) => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][Math.floor(next() * 3)]!,
  'infinite among numbers': (next) => (next() < 0.2 ? Number.POSITIVE_INFINITY : next() < 0.2 ? Number.NaN : next() * 10),
  'beyond every date': (next) => (next() - 0.5) * 4e16,
  'the last dates': (next) => 8.64e15 - Math.floor(next() * 3),
  'the first and last date': (next) => (next() < 0.5 ? -8.64e15 : 8.64e15),
  '1e15 years': (next) => next() * 3.15e25,
  ordinary: (next) => next() * 100,
};
const kindNames = Object.keys(kinds);
const bools = [undefined, false, true];

interface Case {
  type: (typeof plotTypeIds)[number];
  columns: PlotColumn[];
  params: Record<string, unknown>;
  about: string;
}

function caseOf(next: () => number): Case {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const [kindX, kindY, kindC] = [pick(kindNames), pick(kindNames), pick(kindNames)];
  const rows = pick([1, 2, 3, 5, 40, 3000]);
  const column = (name: string, kind: string) =>
    numbers(
      name,
      Array.from({ length: rows }, () => kinds[kind]!(next)),
      { type: pick(['number', 'integer', 'time'] as const) },
    );
  const [x, y, c] = [column(pick(['x', 'longitude']), kindX), column(pick(['y', 'latitude']), kindY), column('c', kindC)];
  const k = strings(
    'k',
    Array.from({ length: rows }, () => pick(['a', 'b', 'c', null])),
  );
  const type = pick(plotTypeIds);
  const params = {
    line: {
      x: x.name,
      y: pick([y.name, [y.name, 'c']]),
      logY: pick(bools),
      subplots: pick(bools),
      styles: pick([undefined, ['ro', 'k^']]),
    },
    scatter: {
      x: x.name,
      y: y.name,
      ...pick([{}, { color: 'c', logColor: pick(bools) }, { size: 'c' }, { color: 'c', size: y.name }, { color: 'k' }]),
      logX: pick(bools),
      logY: pick(bools),
      equalAspect: pick(bools),
    },
    histogram: { x: x.name, bins: pick([undefined, 1, 7, 1000]), logX: pick(bools), logY: pick(bools) },
    bar: {
      x: pick(['k', x.name]),
      ...pick([{}, { y: y.name, aggregate: pick(['sum', 'mean', 'min', 'max', 'count']) }]),
      logY: pick(bools),
      top: pick([undefined, 400]),
    },
  }[type];
  return { type, columns: [x, y, c, k], params, about: `${type} ${JSON.stringify(params)} of ${kindX}, ${kindY}, ${kindC}; ${rows} rows` };
}

const tooMuch = /NaN|Infinity|undefined/;

test('extreme numbers: every plot is laid out in bounded work, and every coordinate is a finite number', () => {
  const next = random(Number(process.env.SEED ?? 17));
  for (let i = 0; i < 1500; i++) {
    const { type, columns, params, about } = caseOf(next);
    const before = process.cpuUsage();
    const figure = figureOf(type, columns, params, 'Extremes');
    const scene = layoutFigure(figure, { width: 640, height: 480 }, font);
    const svg = paintSvg(scene, () => '');
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2e6, `${about}: ${(user + system) / 1000} ms of processor time`);
    const found = tooMuch.exec(svg.replace(/<(desc|title)[\s\S]*?<\/\1>/g, ''));
    assert.equal(found, null, `${about}: ${svg.slice(Math.max(0, (found?.index ?? 0) - 200), (found?.index ?? 0) + 50)}`);
    assert.doesNotMatch(scene.description, tooMuch, about);
    assert.ok(scene.items.length < 2500, about);
  }
});

test('from -1e308 to 1e308: each value has its place, and the axis its ticks', () => {
  const columns = [numbers('i', [1, 2, 3, 4, 5]), numbers('v', [1e308, -1e308, 0, 5e-324, Number.MAX_VALUE])];
  const scene = layoutFigure(figureOf('line', columns, { x: 'i', y: 'v' }), { width: 640, height: 480 }, font);
  const texts = scene.items.filter((item) => item.item === 'text').map(({ text }) => text);
  assert.ok(texts.includes('0') && texts.includes('100') && texts.includes('v (×10³⁰⁶)'), texts.join(' | '));
  const path = scene.items.find((item) => item.item === 'path')!;
  const ys = [...path.xy].filter((_, i) => i % 2 === 1);
  assert.deepEqual(
    ys
      .map((y, i) => [y, i] as const)
      .sort(([a], [b]) => a - b || 0)
      .map(([, i]) => i + 1),
    [5, 1, 3, 4, 2],
  );
  assert.ok(ys.every((y) => y > 0 && y < 480));
});

test('a histogram of extreme numbers counts all of them, and the bars are seen', () => {
  for (const values of [
    [1e308, -1e308, 0, 5e-324, Number.MAX_VALUE],
    [1e300, 1e300, 1e300],
    [5e-324, 0, 1e-323],
    [1, ulpAbove(1)],
    [-1e17, -1e17],
    [1e16, 1e16 + 2],
  ]) {
    for (const params of [{}, { bins: 1000 }, { bins: 3 }, { logX: true }]) {
      const { counted, drawn } = histogramBars(values, params, font);
      const most = Math.max(...values);
      const isLog = 'logX' in params && !(most > 0 && most <= 1e-300);
      const places = isLog ? values.filter((value) => value > 0).length : values.length;
      assert.equal(counted, places, `${values} ${JSON.stringify(params)}`);
      assert.ok(places === 0 || drawn > 0, `${values} ${JSON.stringify(params)}: ${drawn} bars`);
    }
  }
});

test('sums and means of very large numbers', () => {
  const columns = [strings('k', ['a', 'a', 'b', 'b', 'c']), numbers('v', [1e308, 1e308, 1.5e308, -1.5e308, 2])];
  const bar = (aggregate: string) => figureOf('bar', columns, { x: 'k', y: 'v', aggregate });
  assert.match(bar('mean').description, /a 1×10³⁰⁸/);
  const sum = bar('sum');
  assert.match(sum.description, /b 0/);
  assert.ok(sum.notes.some((note) => note.startsWith('1 of 3 bars have a value beyond')));
});

test('long texts are cut once, not measured again for each character', () => {
  const named = (unit: string) =>
    strings(
      'c',
      Array.from({ length: 400 }, (_, i) => `${String.fromCharCode(97 + (i % 26))}${i}${unit.repeat(20_000)}`),
    );
  for (const [top, column] of [
    [400, named('W')],
    [400, named('W ')],
    [30, named('\u00e9/')],
    [6, named('\u6d41')],
    [12, named('\ud83d')],
  ] as const) {
    const before = process.cpuUsage();
    const figure = figureOf('bar', [column], { x: 'c', top }, 'T'.repeat(50_000));
    const scene = layoutFigure(figure, { width: 640, height: 480 }, font);
    const { user } = process.cpuUsage(before);
    assert.ok(user < 4e6, `${user / 1000} ms of processor time`);
    assert.ok(JSON.stringify(scene.items.filter(({ item }) => item === 'text')).length < 400_000);
    assert.ok(scene.description.length <= 2000 && scene.title.length <= 200 && scene.notes.every((note) => note.length <= 1000));
  }
});

test('long names of columns and groups are bounded everywhere', () => {
  const long = (letter: string) => letter.repeat(300_000);
  const columns = [
    numbers(long('x'), [1, 2, 3], { unit: long('u') }),
    numbers(long('y'), [1, 2, Number.NaN]),
    strings(long('g'), [long('a'), long('b'), null]),
  ];
  const params = { x: columns[0]!.name, y: columns[1]!.name, color: columns[2]!.name, size: columns[0]!.name };
  const scene = layoutFigure(figureOf('scatter', columns, params), { width: 640, height: 480 }, font);
  assert.ok(paintSvg(scene, () => '').length < 60_000);
  assert.ok(scene.notes.every((note) => note.length <= 1000));
});
