import { type Static, Type } from 'typebox';
import type { Figure } from '../figure.ts';
import { columnParam, measurable } from '../params.ts';
import type { PlotType } from '../plot-type.ts';

export const HistogramParams = Type.Object({
  x: columnParam(measurable, { title: 'x', description: 'the column whose values are counted', examples: ['mass (g)'] }),
  bins: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      title: 'Bins',
      description: 'how many equal bins lie between the least and the greatest value; without it, chosen from spread and number of values',
      examples: [50],
    }),
  ),
  logX: Type.Optional(
    Type.Boolean({
      title: 'Logarithmic x',
      description: 'bins of equal ratio instead of equal width: for masses and other values that span decades',
      default: false,
    }),
  ),
  logY: Type.Optional(
    Type.Boolean({ title: 'Logarithmic counts', description: 'so that rare values stay visible beside frequent ones', default: false }),
  ),
});
export type HistogramParams = Static<typeof HistogramParams>;

export const histogram: PlotType<HistogramParams> = {
  id: 'histogram',
  title: 'Histogram',
  description: 'How the values of one column are distributed: exact counts over every record in equal bins.',
  Params: HistogramParams,
  figure: (): Figure => {
    throw new Error('histogram: not drawn yet');
  },
};
