import { plotLimits } from '@almanac/domain';
import { type Static, Type } from 'typebox';
import { lineStyle } from '../channels/line-style.ts';
import { axisOf, called, reordered, scaleOf, writeRange } from '../data/columns.ts';
import { countMissing, logNotes, ofRecords } from '../data/missing.ts';
import { writeCount } from '../data/numbers.ts';
import type { Axis, Mark, Panel } from '../figure.ts';
import { columnParam, columnsParam, measurable, numeric } from '../params.ts';
import { columnNamed, type PlotColumn, type PlotType } from '../plot-type.ts';
import { lengths } from '../theme.ts';

export const LineParams = Type.Object({
  x: columnParam(measurable, { title: 'x', description: 'column on the horizontal axis: a time or a number', examples: ['time'] }),
  y: columnsParam(numeric, plotLimits.series.value, {
    title: 'y',
    description: 'column on the vertical axis, or a list of at most 20: one line each',
    examples: ['X', ['X', 'Y', 'Z']],
  }),
  styles: Type.Optional(
    Type.Array(Type.String({ pattern: '^[rgbkcmy]?(o|s|\\^|x)?(--|-|:)?(o|s|\\^|x)?$', maxLength: 5 }), {
      maxItems: plotLimits.series.value,
      title: 'Styles',
      description: 'one matplotlib format string for each line: a colour (r g b k c m y), a marker (o s ^ x), a stroke (- -- :)',
      examples: [['r-o', 'g--']],
    }),
  ),
  logY: Type.Optional(
    Type.Boolean({
      title: 'Logarithmic y',
      description: 'logarithmic axis; values of zero or less are not drawn, and a note counts them',
      default: false,
    }),
  ),
  subplots: Type.Optional(
    Type.Boolean({ title: 'Subplots', description: 'one panel for each line; the panels share x', default: false, examples: [true] }),
  ),
});
export type LineParams = Static<typeof LineParams>;

export const line: PlotType<LineParams> = {
  id: 'line',
  aliases: ['plot', 'timeseries', 'trend'],
  title: 'Line plot',
  description:
    'Draws one or more columns against a time or a number, joined by lines. Every peak is drawn, however many records there are.',
  Params: LineParams,
  figure(input) {
    const { params } = input;
    const given = columnNamed(input, params.x);
    const order = orderBy(given.values);
    const x = reordered(given, order);
    const ys = [params.y].flat().map((name) => reordered(columnNamed(input, name), order));
    const panels = params.subplots === true ? ys.map((y, i) => panelOf(x, [y], params, i)) : [panelOf(x, ys, params, 0)];
    return {
      title: '',
      panels,
      shareX: params.subplots === true,
      description: describe(x, ys),
      notes: notesOf(x, ys, params, order !== undefined),
    };
  },
};

/** The order of rows by x, because a line goes forward in time; undefined if they are sorted. Ties keep their order. */
function orderBy(values: PlotColumn['values']): Uint32Array | undefined {
  let isSorted = true;
  for (let i = 1; i < values.length && isSorted; i++) isSorted = !(values[i]! < values[i - 1]!);
  if (isSorted) return undefined;
  const rank = (i: number) => (Number.isNaN(values[i]!) ? Infinity : values[i]!);
  return Uint32Array.from(values.keys()).sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
}

/** `first`: the number of the panel's first series, which decides its colour. */
function panelOf(x: PlotColumn, ys: readonly PlotColumn[], { styles, logY }: LineParams, first: number): Panel {
  const isOnly = ys.length === 1;
  const y: Axis = isOnly ? axisOf(ys[0]!, logY) : { scale: scaleOf(ys, logY), label: commonUnit(ys) };
  const marks = ys.flatMap((column, i) => marksOf(x, column, styles?.[first + i], first + i, !isOnly));
  return { x: axisOf(x), y, marks };
}

function marksOf(x: PlotColumn, y: PlotColumn, styleText: string | undefined, series: number, isNamed: boolean): Mark[] {
  const { colour, dash, hasLine, shape } = lineStyle(styleText, series);
  const common = { x: x.values, y: y.values, colour, ...(isNamed ? { name: y.title } : {}) };
  return [
    ...(hasLine ? [{ mark: 'line' as const, ...common, dash }] : []),
    ...(shape === undefined ? [] : [{ mark: 'points' as const, ...common, radius: lengths.marker, opacity: 1, shape }]),
  ];
}

/** The unit that several lines share, for the label of their axis. */
function commonUnit(ys: readonly PlotColumn[]): string {
  const units = new Set(ys.map((y) => y.unit));
  return units.size === 1 ? (ys[0]!.unit ?? '') : '';
}

function describe(x: PlotColumn, ys: readonly PlotColumn[]): string {
  const more = ys.length > 6 ? `; and ${ys.length - 6} more` : '';
  const ranges = ys.slice(0, 6).map(writeRange).join('; ');
  return `Line plot of ${writeCount(x.values.length)} records against ${writeRange(x)}: ${ranges}${more}.`;
}

function notesOf(x: PlotColumn, ys: readonly PlotColumn[], { logY }: LineParams, isSorted: boolean): string[] {
  const without = countMissing([x]);
  const gaps = ys.flatMap((y) => {
    const count = countMissing([y]);
    return count === 0 ? [] : [`${ofRecords(count, y.values.length)} no ${called(y)}: the line has gaps there.`];
  });
  return [
    ...(without === 0 ? [] : [`${ofRecords(without, x.values.length)} no ${called(x)} and ${without === 1 ? 'is' : 'are'} not drawn.`]),
    ...gaps,
    ...(logY === true ? ys.flatMap(logNotes) : []),
    ...(isSorted ? [`The records were sorted by ${called(x)}.`] : []),
  ];
}
