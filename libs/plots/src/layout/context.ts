import type { Measure } from '../font.ts';
import type { TextItem } from '../scene.ts';
import type { Theme } from '../theme.ts';
import { lengths } from '../theme.ts';

/** What every part of a layout needs to know. */
export interface Context {
  /** factor on every length of the theme */
  unit: number;
  measure: Measure;
  theme: Theme;
  density: number;
}

/** Font sizes at this picture's scale. */
export const sizes = ({ unit }: Context) => ({
  title: lengths.fontSize.title * unit,
  label: lengths.fontSize.label * unit,
  tick: lengths.fontSize.tick * unit,
  legend: lengths.fontSize.legend * unit,
  footer: lengths.fontSize.footer * unit,
});

type Say = Pick<TextItem, 'text' | 'x' | 'y' | 'role'> & Partial<Pick<TextItem, 'align' | 'angle' | 'colour'>>;

/** A text in the size its role has. */
export function say(context: Context, { text, x, y, role, align = 'start', angle = 0, colour = context.theme.inkSoft }: Say): TextItem {
  const size = sizes(context)[role];
  return { item: 'text', text, x, y, size, length: context.measure(text, size), colour, align, angle, role };
}

/** From the end of a tick to its label, the tick included. */
export const tickToText = ({ unit }: Context): number => (lengths.tick + lengths.gap.tickToText) * unit;
