import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertGolden } from '@almanac/testkit';
import type { Figure } from './figure.ts';
import { readFonts } from './font.ts';
import { layoutFigure } from './layout/layout.ts';
import { paintSvg } from './svg-painter.ts';
import { figureOf, make, numbers, random, strings } from './testing.ts';

const font = readFonts();
const svgOf = (figure: Figure, size = { width: 400, height: 300 }): string => paintSvg(layoutFigure(figure, size, font), () => 'data:,');
const next = random(1);

const golden: Record<string, Figure> = {
  line: figureOf(
    'line',
    [
      numbers(
        'time',
        make(24, (i) => Date.UTC(2024, 1, 28) + i * 3.6e6),
        { type: 'time' },
      ),
      numbers(
        'X',
        make(24, (i) => Math.round(6800 * Math.cos(i / 4))),
        { unit: 'km' },
      ),
      numbers(
        'Y',
        make(24, (i) => Math.round(6800 * Math.sin(i / 4))),
        { unit: 'km' },
      ),
    ],
    { x: 'time', y: ['X', 'Y'], styles: ['', 'r--o'] },
    'A station’s way',
  ),
  scatter: figureOf(
    'scatter',
    [
      numbers(
        'reclong',
        make(40, () => Math.round(next() * 340 - 170)),
      ),
      numbers(
        'reclat',
        make(40, () => Math.round(next() * 150 - 75)),
      ),
      numbers(
        'mass',
        make(40, (i) => i * i),
        { unit: 'g' },
      ),
      strings(
        'class',
        Array.from({ length: 40 }, (_, i) => ['L6', 'H5', 'CM2'][i % 3]!),
      ),
    ],
    { x: 'reclong', y: 'reclat', color: 'class', size: 'mass' },
    'Landings',
  ),
  histogram: figureOf(
    'histogram',
    [
      numbers(
        'mass',
        make(300, () => Math.round(10 ** (1 + next() * 6))),
        { unit: 'g' },
      ),
    ],
    { x: 'mass' },
  ),
  bar: figureOf('bar', [strings('locus', ['gene', 'gene', 'pseudogene', 'gene', 'RNA', 'other <&">'])], { x: 'locus' }, 'Genes'),
};

for (const [name, figure] of Object.entries(golden)) {
  test(`${name} looks as it did`, () => assertGolden(join(import.meta.dirname, 'golden', `${name}.svg`), svgOf(figure)));
}

test('the same figure gives the same bytes', () => assert.equal(svgOf(golden.scatter!), svgOf(golden.scatter!)));

test('an SVG has a title, the picture in words, real text and nothing that XML forbids', () => {
  const svg = svgOf(golden.bar!);
  assert.match(svg, /<title id="title">Genes<\/title>\n<desc id="desc">Bar chart of record counts/);
  assert.match(svg, />pseudogene<\/text>/);
  assert.match(svg, /other &lt;&amp;&quot;&gt;/);
  assert.ok(!/other <&/.test(svg));
  const control = svgOf({ ...golden.bar!, title: 'a\u0001b\ud800', description: 'c\u0000d' });
  assert.ok(!/[\u0000-\u0008\ud800-\udfff]/.test(control));
});

test('very many points become one picture, a few stay dots', () => {
  const points = (count: number) =>
    figureOf(
      'scatter',
      [
        numbers(
          'x',
          make(count, (i) => i),
        ),
      ],
      { x: 'x', y: 'x' },
    );
  assert.equal(svgOf(points(50)).match(/<circle/g)?.length, 50);
  assert.match(svgOf(points(20_001)), /<image [^>]*href="data:,"/);
});

test('what it was made from is carried along', () => {
  const scene = layoutFigure(golden.bar!, { width: 400, height: 300 }, font);
  assert.match(
    paintSvg(scene, () => '', '{"dataset":"genes & more"}'),
    /<metadata>{&quot;dataset&quot;:&quot;genes &amp; more&quot;}<\/metadata>/,
  );
});
