import type { Font } from './font.ts';
import { layoutFigure } from './layout/layout.ts';
import { figureOf, numbers } from './testing.ts';

/** How many values a histogram counts, and how many bars can be seen. */
export function histogramBars(values: readonly number[], params: object, font: Font): { counted: number; drawn: number } {
  const figure = figureOf('histogram', [numbers('v', values)], { x: 'v', ...params });
  const [mark] = figure.panels[0]!.marks;
  if (mark?.mark !== 'bars') throw new Error('a histogram has bars');
  const scene = layoutFigure(figure, { width: 640, height: 480 }, font);
  const rects = scene.items.find((item) => item.item === 'rects')!;
  let drawn = 0;
  for (let i = 0; i < rects.xywh.length; i += 4) if (rects.xywh[i + 2]! > 0 && rects.xywh[i + 3]! > 0) drawn++;
  return { counted: [...mark.value].reduce((sum, count) => sum + count, 0), drawn };
}
