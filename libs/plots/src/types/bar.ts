import { type Static, Type } from 'typebox';
import type { Figure } from '../figure.ts';
import { columnParam, groupable, numeric } from '../params.ts';
import type { PlotType } from '../plot-type.ts';

export const aggregates = ['count', 'sum', 'mean', 'min', 'max'] as const;

export const BarParams = Type.Object({
  x: columnParam(groupable, { title: 'x', description: 'the column whose values are the categories', examples: ['locus_group'] }),
  y: Type.Optional(
    columnParam(numeric, {
      title: 'y',
      description: 'the column that is summed up for each category; without it, records are counted',
      examples: ['mass (g)'],
    }),
  ),
  aggregate: Type.Optional(
    Type.Enum([...aggregates], {
      title: 'Aggregate',
      description: 'what is made of y for each category; count needs no y (default: count without y, sum with it)',
      examples: ['mean'],
    }),
  ),
  top: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 400,
      title: 'Top',
      description: 'draw the categories with the greatest values only; the picture says how many were left out',
      default: 20,
    }),
  ),
  order: Type.Optional(
    Type.Enum(['value', 'name'], {
      title: 'Order',
      description: 'greatest first, or by name (numbers by size; the default where x is a number)',
      examples: ['name'],
    }),
  ),
  logY: Type.Optional(Type.Boolean({ title: 'Logarithmic values', description: 'the value axis is logarithmic', default: false })),
});
export type BarParams = Static<typeof BarParams>;

export const bar: PlotType<BarParams> = {
  id: 'bar',
  title: 'Bar chart',
  description: 'Counts of records for each value of a column, or the sum, mean, least or greatest of another column.',
  Params: BarParams,
  figure: (): Figure => {
    throw new Error('bar: not drawn yet');
  },
};
