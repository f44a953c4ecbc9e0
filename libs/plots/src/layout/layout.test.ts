import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure } from '../figure.ts';
import { readFonts } from '../font.ts';
import type { Scene, TextItem } from '../scene.ts';
import { figureOf, make, numbers, random, strings } from '../testing.ts';
import { layoutFigure } from './layout.ts';
import { faultsOf } from './layout-check.ts';

const font = readFonts();
const sizes = [
  [200, 150],
  [320, 240],
  [400, 400],
  [640, 480],
  [800, 300],
  [480, 900],
  [1280, 960],
  [1920, 1080],
  [3840, 2160],
] as const;

const classes = [
  'Carbonaceous chondrite',
  'Ordinary chondrite (L6)',
  'Iron, IIIAB',
  'Enstatite chondrite',
  'Howardite',
  'Pallasite, main group',
  'Mesosiderite',
  'Ureilite',
  'Lunar meteorite',
  'Martian (shergottite)',
  'Acapulcoite-lodranite',
  'Unclassified stone',
];
const [HOUR, DAY] = [3.6e6, 8.64e7];
const start = Date.UTC(2024, 1, 28, 18);
const wave = (count: number) => make(count, (i) => Math.sin(i / 15) * 3);
const over = (span: number, from = start): Figure =>
  figureOf(
    'line',
    [
      numbers(
        'epoch',
        make(200, (i) => from + (span * i) / 200),
        { type: 'time' },
      ),
      numbers('temperature', wave(200), { unit: '°C' }),
    ],
    { x: 'epoch', y: 'temperature' },
  );
const series = (count: number, name: (i: number) => string, params: object = {}): Figure =>
  figureOf(
    'line',
    [
      numbers(
        'step',
        make(120, (i) => i),
      ),
      ...Array.from({ length: count }, (_, s) =>
        numbers(
          name(s),
          make(120, (i) => Math.sin(i / 10 + s / 2) * (1 + s / 4)),
        ),
      ),
    ],
    { x: 'step', y: Array.from({ length: count }, (_, s) => name(s)), ...params },
    `${count} series`,
  );
const byClass = (count: number, name: (i: number) => string, params: object = {}): Figure => {
  const next = random(3);
  const values = Array.from({ length: 3000 }, () => name(Math.floor(next() ** 2 * count)));
  return figureOf(
    'bar',
    [
      strings('class', values),
      numbers(
        'mass',
        make(3000, () => next() * 4e7 - 1e7),
        { unit: 'g' },
      ),
    ],
    { x: 'class', ...params },
    'By class',
  );
};
const cloud = (count: number, params: object, spread = 1): Figure => {
  const next = random(9);
  const values = Array.from({ length: count }, (_, i) => classes[i % 12]!);
  return figureOf(
    'scatter',
    [
      numbers(
        'longitude',
        make(count, () => (next() * 360 - 180) * spread),
      ),
      numbers(
        'latitude',
        make(count, () => next() * 170 - 85),
      ),
      numbers(
        'mass',
        make(count, () => 10 ** (next() * 7)),
        { unit: 'g' },
      ),
      numbers(
        'seen',
        make(count, () => start - next() * 9000 * DAY),
        { type: 'time' },
      ),
      strings('class', values),
    ],
    { x: 'longitude', y: 'latitude', ...params },
    'Landings, as far as they are known',
  );
};
const sentence = 'A title that somebody wrote as a whole sentence, because nobody told them that a title is no abstract, and which goes on';

const figures: Record<string, Figure> = {
  'half an hour': over(0.5 * HOUR),
  '17 hours': over(17 * HOUR),
  'twelve days': over(12 * DAY),
  '500 days': over(500 * DAY),
  decades: over(20_000 * DAY, Date.UTC(1969, 6, 1)),
  'three series': series(3, (i) => `s${i}`),
  'twelve long names': series(12, (i) => classes[i]!),
  'four panels': series(4, (i) => classes[i]!, { subplots: true }),
  'twenty panels': series(20, (i) => `channel ${i}`, { subplots: true }),
  'log line': figureOf(
    'line',
    [
      numbers(
        'n',
        make(100, (i) => i),
      ),
      numbers(
        'quick',
        make(100, (i) => 10 ** (i / 12 - 3)),
        { unit: 's' },
      ),
    ],
    {
      x: 'n',
      y: 'quick',
      logY: true,
    },
  ),
  'long labels': {
    ...figureOf(
      'line',
      [
        numbers(
          'a fairly long name of the quantity along the horizontal axis',
          make(50, (i) => i * 1e-5),
          { unit: 'kg m² s⁻¹' },
        ),
        numbers(
          'a fairly long name of the quantity along the vertical axis, longer than the axis',
          make(50, (i) => -i * 3e7),
          { unit: 'W m⁻²' },
        ),
      ],
      {
        x: 'a fairly long name of the quantity along the horizontal axis',
        y: 'a fairly long name of the quantity along the vertical axis, longer than the axis',
      },
      sentence,
    ),
    footer: 'Data: a portal of open data, landings of meteorites, version 3, free of rights',
  },
  constant: figureOf(
    'line',
    [
      numbers(
        'x',
        make(20, (i) => i),
      ),
      numbers(
        'y',
        make(20, () => 42),
      ),
    ],
    { x: 'x', y: 'y' },
  ),
  'far from zero': figureOf(
    'line',
    [
      numbers(
        'x',
        make(20, (i) => i),
      ),
      numbers(
        'y',
        make(20, (i) => 6_800_000 + i / 4),
      ),
    ],
    { x: 'x', y: 'y' },
  ),
  map: cloud(800, { color: 'mass', logColor: true, size: 'mass' }),
  'groups and sizes': cloud(800, { color: 'class', size: 'mass', equalAspect: false }),
  'colour by time': cloud(300, { color: 'seen', logX: false, y: 'seen' }),
  'log log': cloud(500, { x: 'mass', y: 'mass', logX: true, logY: true, color: 'class' }),
  'narrow map': cloud(100, { equalAspect: true, color: 'mass' }, 0.05),
  'no rows': cloud(0, { color: 'class' }),
  histogram: figureOf('histogram', [numbers('value', wave(1000))], { x: 'value' }, 'Values'),
  'log histogram': figureOf(
    'histogram',
    [
      numbers(
        'mass',
        make(1000, (i) => 1.02 ** i),
        { unit: 'g' },
      ),
    ],
    { x: 'mass', logX: true, logY: true },
  ),
  'histogram of times': figureOf(
    'histogram',
    [
      numbers(
        'seen',
        make(500, (i) => start + i * i * HOUR),
        { type: 'time' },
      ),
    ],
    { x: 'seen' },
  ),
  'three bars': byClass(3, (i) => ['Fell', 'Found', 'Observed later from orbit'][i]!),
  'twelve bars': byClass(12, (i) => classes[i]!),
  'twenty short bars': byClass(20, (i) => `L${i}`, { y: 'mass', aggregate: 'mean' }),
  '400 bars': byClass(400, (i) => `${classes[i % 12]} no. ${i}`, { top: 400 }),
  'one bar': byClass(1, () => 'only'),
  'signs without a glyph': figureOf('bar', [strings('流星', ['隕石', 'météorite', 'a\nb\u202e', '🌠'])], { x: '流星' }, '流星 by name'),
};

test('texts never touch each other and never leave the canvas, whatever the figure and the size', () => {
  const faults: string[] = [];
  let texts = 0;
  for (const [name, figure] of Object.entries(figures)) {
    for (const [width, height] of sizes) {
      const scene = layoutFigure(figure, { width, height }, font);
      texts += scene.items.filter(({ item }) => item === 'text').length;
      faults.push(...faultsOf(scene, font.measure).map((fault) => `${name} at ${width}x${height}: ${fault}`));
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(texts > 3000, `${texts} texts were looked at`);
});

test('the check sees a text that touches another, and one that leaves the canvas', () => {
  const scene = layoutFigure(figures['twelve bars']!, { width: 640, height: 480 }, font);
  const first = scene.items.find((item) => item.item === 'text' && item.role === 'tick') as TextItem;
  const last = scene.items.findLast((item) => item.item === 'text' && item.role === 'tick') as TextItem;
  const moved = (to: Pick<TextItem, 'x' | 'y'>): Scene => ({
    ...scene,
    items: scene.items.map((item) => (item === last ? { ...last, ...to } : item)),
  });
  assert.deepEqual(faultsOf(scene, font.measure), []);
  assert.match(faultsOf(moved({ x: first.x, y: first.y + 3 }), font.measure).join(), /touches/);
  assert.match(faultsOf(moved({ x: 2, y: last.y }), font.measure).join(), /leaves the canvas/);
});

test('a picture has its size, its title and its words, and the same figure gives the same scene', () => {
  const figure = figures.map!;
  const scene = layoutFigure(figure, { width: 800, height: 500, density: 2 }, font);
  assert.deepEqual([scene.width, scene.height, scene.density], [800, 500, 2]);
  assert.equal(scene.description, figure.description);
  assert.deepEqual(layoutFigure(figure, { width: 800, height: 500, density: 2 }, font), scene);
});

test('equal aspect: a degree of longitude is as long as one of latitude', () => {
  const scene = layoutFigure(figures['narrow map']!, { width: 640, height: 480 }, font);
  const points = scene.items.find((item) => item.item === 'points')!;
  assert.ok(Math.abs(points.at.kx / -points.at.ky - 1) < 0.02, `${points.at.kx} pixels a degree beside ${-points.at.ky}`);
});

test('panels that have no room are left out and told', () => {
  const scene = layoutFigure(figures['twenty panels']!, { width: 320, height: 240 }, font);
  assert.ok(scene.notes.some((note) => /of 20 panels have no room/.test(note)));
});

test('a character no font has becomes a box, and the note names it', () => {
  const scene = layoutFigure(figures['signs without a glyph']!, { width: 640, height: 480 }, font);
  const texts = scene.items.filter((item) => item.item === 'text').map(({ text }) => text);
  assert.ok(texts.includes('□□ by name') && texts.includes('météorite') && texts.includes('a b'));
  assert.ok(
    scene.notes.some((note) => note.includes('流 (U+6D41)')),
    scene.notes.join(),
  );
  assert.equal(scene.title, '流星 by name', 'words for those who do not see the picture stay as they are');
});

test('names of categories that have no room are counted', () => {
  const { notes } = layoutFigure(figures['400 bars']!, { width: 640, height: 480 }, font);
  assert.ok(
    notes.some((note) => /^\d+ of 39\d category names have no room/.test(note)),
    notes.join(),
  );
});

test('a subplot lies in its own cell, and nothing of it outside', () => {
  const figure = { ...over(HOUR), title: 'One of four' };
  for (const [number, x, y] of [
    [1, 0, 0],
    [2, 400, 0],
    [3, 0, 300],
    [4, 400, 300],
  ] as const) {
    const scene = layoutFigure(figure, { width: 800, height: 600, subplot: [2, 2, number] }, font);
    assert.deepEqual(faultsOf(scene, font.measure), []);
    const texts = scene.items.filter((item): item is TextItem => item.item === 'text');
    assert.ok(texts.some(({ text }) => text === 'One of four'));
    for (const text of texts) assert.ok(text.x >= x && text.x <= x + 400 && text.y >= y && text.y <= y + 300, `${number}: ${text.text}`);
  }
  const whole = layoutFigure(figure, { width: 800, height: 600, subplot: [1, 1, 1] }, font);
  assert.deepEqual(whole, layoutFigure(figure, { width: 800, height: 600 }, font));
});
