import { type Static, Type } from 'typebox';
import type { Figure } from '../figure.ts';
import { columnParam, measurable, numeric } from '../params.ts';
import type { PlotType } from '../plot-type.ts';

export const ScatterParams = Type.Object({
  x: columnParam(measurable, { title: 'x', description: 'the column along the horizontal axis', examples: ['reclong'] }),
  y: columnParam(measurable, { title: 'y', description: 'the column along the vertical axis', examples: ['reclat'] }),
  color: Type.Optional(
    columnParam([...measurable, 'string', 'boolean'], {
      title: 'Colour',
      description:
        'colours the dots: by value with a colour bar (numbers, times), or by group with a legend (ten most frequent, then others)',
      examples: ['year'],
    }),
  ),
  logColor: Type.Optional(
    Type.Boolean({ title: 'Logarithmic colour', description: 'for colour by a number: the ramp follows its logarithm', default: false }),
  ),
  size: Type.Optional(
    columnParam(numeric, { title: 'Size', description: 'the area of a dot grows with this column', examples: ['mass (g)'] }),
  ),
  opacity: Type.Optional(
    Type.Number({ minimum: 0.01, maximum: 1, title: 'Opacity', description: 'of one dot; less where many overlap', examples: [0.5] }),
  ),
  logX: Type.Optional(
    Type.Boolean({ title: 'Logarithmic x', description: 'values of zero and below have no place then, and are counted', default: false }),
  ),
  logY: Type.Optional(
    Type.Boolean({ title: 'Logarithmic y', description: 'values of zero and below have no place then, and are counted', default: false }),
  ),
  equalAspect: Type.Optional(
    Type.Boolean({
      title: 'Equal aspect',
      description: 'one unit of x is drawn as long as one of y: for positions and maps',
      default: false,
      examples: [true],
    }),
  ),
});
export type ScatterParams = Static<typeof ScatterParams>;

export const scatter: PlotType<ScatterParams> = {
  id: 'scatter',
  title: 'Scatter plot',
  description: 'A dot for each record, placed by two columns; a third may colour it, a fourth size it. Every dot is drawn, none sampled.',
  Params: ScatterParams,
  figure: (): Figure => {
    throw new Error('scatter: not drawn yet');
  },
};
