import { plotLimits } from '@almanac/domain';
import { type Static, Type } from 'typebox';
import { type Bins, countInto, equalEdges, isSkewed, roundEdges, wantedBins } from '../data/bins.ts';
import { called, extent, logDomain, padded, positiveExtent, writeValue } from '../data/columns.ts';
import { logNotes, missingNotes } from '../data/missing.ts';
import { writeCount } from '../data/numbers.ts';
import { finite } from '../data/span.ts';
import type { Axis, Values } from '../figure.ts';
import { columnParam, measurable } from '../params.ts';
import { columnNamed, type PlotColumn, type PlotType } from '../plot-type.ts';

export const HistogramParams = Type.Object({
  x: columnParam(measurable, { title: 'x', description: 'column whose values are counted', examples: ['mass (g)'] }),
  bins: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: plotLimits.bins.value,
      title: 'Bins',
      description:
        'number of equal bins between the least and the greatest value; default: bins of a round width by the rule of Freedman and Diaconis',
      examples: [50],
    }),
  ),
  logX: Type.Optional(
    Type.Boolean({
      title: 'Logarithmic x',
      description:
        'bins of equal ratio instead of equal width; default: true if half of the values lie in the lowest hundredth of their range',
      examples: [true],
    }),
  ),
  logY: Type.Optional(
    Type.Boolean({
      title: 'Logarithmic counts',
      description: 'logarithmic axis of counts, which keeps rare values visible beside frequent ones',
      default: false,
    }),
  ),
});
export type HistogramParams = Static<typeof HistogramParams>;

export const histogram: PlotType<HistogramParams> = {
  id: 'histogram',
  aliases: ['hist', 'distribution'],
  title: 'Histogram',
  description: 'Shows the distribution of the values of one column: exact counts of all records in equal bins.',
  Params: HistogramParams,
  figure(input) {
    const { bins: wanted, logX, logY } = input.params;
    const column = columnNamed(input, input.params.x);
    const isLog = column.type !== 'time' && (logX ?? isSkewed(column.values)) && hasDecades(column.values);
    const bins = isLog ? logBins(column, wanted) : linearBins(column, wanted);
    const most = bins.counts.reduce((a, b) => Math.max(a, b), 1);
    const total = bins.counts.reduce((a, b) => a + b, 0);
    const count = bins.counts.length;
    return {
      title: '',
      panels: [
        {
          x: axisOf(column, bins, isLog),
          y: {
            scale: logY === true ? { kind: 'log', domain: [0.5, most * 1.6] } : { kind: 'linear', domain: [0, most * 1.06] },
            label: 'count',
            format: 'whole',
          },
          marks: [
            {
              mark: 'bars',
              from: bins.edges.subarray(0, count),
              to: bins.edges.subarray(1),
              base: new Float64Array(count),
              value: bins.counts,
              colour: 0,
            },
          ],
        },
      ],
      description: describe(column, bins, isLog, total, most),
      notes: [
        ...missingNotes([column], 'not counted'),
        ...(isLog ? logNotes(column) : []),
        ...(isLog && logX === undefined
          ? ['The values span several powers of ten, so the bins have equal ratios. For bins of equal width, set logX to false.']
          : []),
      ],
    };
  },
};

/** Whether powers of ten divide the values: the least doubles (below 1e-300) have too few digits for that. */
const hasDecades = (values: Values): boolean => (positiveExtent(values)?.[1] ?? 1) > 1e-300;

function linearBins(column: PlotColumn, wanted: number | undefined): Bins {
  const range = extent(column.values);
  if (wanted !== undefined) return countInto(column.values, equalEdges(range, wanted));
  const chosen = wantedBins(column.values, range);
  const edges = column.type === 'time' ? equalEdges(range, chosen) : roundEdges(range, chosen, column.type === 'integer');
  return countInto(column.values, edges);
}

/** Bins of equal ratio: equal bins of the decimal logarithm, at round parts of a decade unless their number was given. */
function logBins(column: PlotColumn, wanted: number | undefined): Bins {
  const logs = Float64Array.from(column.values as Float64Array, (value) => (value > 0 ? Math.log10(value) : Number.NaN));
  const range = positiveExtent(column.values)?.map(Math.log10) as [number, number] | undefined;
  const { edges, counts } = countInto(logs, logEdges(logs, range ?? [0, 1], wanted));
  return { edges: edges.map((edge) => Math.max(Number.MIN_VALUE, finite(10 ** edge))), counts };
}

function logEdges(logs: Values, range: readonly [number, number], wanted: number | undefined): Float64Array {
  if (wanted !== undefined) return equalEdges(range, wanted);
  const perDecade = wantedBins(logs, range) / Math.max(1e-9, range[1] - range[0]);
  const distance = (parts: number) => Math.abs(Math.log(parts / perDecade));
  const parts = [1, 2, 3, 4, 5, 8, 10, 20, 50, 100].reduce((best, k) => (distance(k) < distance(best) ? k : best));
  const [first, last] = [Math.floor(range[0] * parts + 1e-9), Math.floor(range[1] * parts + 1e-9) + 1];
  return Float64Array.from({ length: last - first + 1 }, (_, i) => (first + i) / parts);
}

function axisOf({ type, title, unit }: PlotColumn, { edges }: Bins, isLog: boolean): Axis {
  const [least, greatest] = [edges[0]!, edges[edges.length - 1]!];
  const label = { label: title, unit };
  if (isLog) return { scale: { kind: 'log', domain: logDomain([least, greatest], 0.03) }, ...label };
  return {
    scale: { kind: type === 'time' ? 'time' : 'linear', domain: padded([least, greatest], 0.03) },
    ...label,
    ...(type === 'integer' ? { format: 'whole' as const } : {}),
  };
}

function describe(column: PlotColumn, { edges, counts }: Bins, isLog: boolean, total: number, most: number): string {
  const fullest = counts.indexOf(most);
  const write = (edge: number) => writeValue(column, edge);
  const kind = isLog ? 'bins of equal ratio' : 'equal bins';
  const peak = fullest < 0 ? '' : `; the fullest, ${write(edges[fullest]!)} to ${write(edges[fullest + 1]!)}, has ${writeCount(most)}`;
  return `Histogram of ${called(column)}: ${writeCount(total)} records in ${counts.length} ${kind} from ${write(edges[0]!)} to ${write(edges[counts.length]!)}${peak}.`;
}
