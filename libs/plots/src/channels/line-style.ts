import type { Colour, Shape } from '../figure.ts';
import { dashOf, seriesDash } from '../theme.ts';

const colours: Readonly<Record<string, string>> = {
  r: '#d62728',
  g: '#1b8a3a',
  b: '#1f6fb4',
  k: '#1a1d21',
  c: '#129fb3',
  m: '#b63fb0',
  y: '#b59b00',
};
const shapes: Readonly<Record<string, Shape>> = { o: 'circle', s: 'square', '^': 'triangle', x: 'cross' };

export interface LineStyle {
  colour: Colour;
  dash: readonly number[];
  hasLine: boolean;
  shape: Shape | undefined;
}

/** A style as matplotlib writes it: 'r-o', 'g--', 'k^'. Without one: the i-th colour of the theme, dashed after the last. */
export function lineStyle(text: string | undefined, series: number): LineStyle {
  if (text === undefined || text === '') return { colour: series, dash: seriesDash(series), hasLine: true, shape: undefined };
  const colour = colours[text[0]!];
  const rest = colour === undefined ? text : text.slice(1);
  const marker = Object.keys(shapes).find((sign) => rest.includes(sign));
  const dash = rest.includes('--') ? dashOf['--'] : rest.includes(':') ? dashOf[':'] : dashOf['-'];
  return {
    colour: colour ?? series,
    dash,
    hasLine: /[-:]/.test(rest) || marker === undefined,
    shape: marker === undefined ? undefined : shapes[marker],
  };
}
