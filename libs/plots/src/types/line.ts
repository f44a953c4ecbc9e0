import { type Static, Type } from 'typebox';
import type { Figure } from '../figure.ts';
import { columnParam, columnsParam, measurable, numeric } from '../params.ts';
import type { PlotType } from '../plot-type.ts';

export const LineParams = Type.Object({
  x: columnParam(measurable, { title: 'x', description: 'the column along the horizontal axis: a time or a number', examples: ['time'] }),
  y: columnsParam(numeric, 20, {
    title: 'y',
    description: 'the column drawn against it, or a list of up to 20: one line each',
    examples: ['X', ['X', 'Y', 'Z']],
  }),
  styles: Type.Optional(
    Type.Array(Type.String({ pattern: '^[rgbkcmy]?(o|s|\\^|x)?(--|-|:)?(o|s|\\^|x)?$', maxLength: 5 }), {
      maxItems: 20,
      title: 'Styles',
      description: 'one for each line, as matplotlib writes them: a colour (r g b k c m y), a marker (o s ^ x), a stroke (- -- :)',
      examples: [['r-o', 'g--']],
    }),
  ),
  logY: Type.Optional(
    Type.Boolean({ title: 'Logarithmic y', description: 'values of zero and below have no place then, and are counted', default: false }),
  ),
  subplots: Type.Optional(
    Type.Boolean({ title: 'Subplots', description: 'one panel for each line, with x in common', default: false, examples: [true] }),
  ),
});
export type LineParams = Static<typeof LineParams>;

export const line: PlotType<LineParams> = {
  id: 'line',
  title: 'Line plot',
  description: 'One or more columns against a time or a number, joined by lines. Every peak is kept, however many records there are.',
  Params: LineParams,
  figure: (): Figure => {
    throw new Error('line: not drawn yet');
  },
};
