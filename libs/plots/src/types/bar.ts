import { plotLimits } from '@almanac/domain';
import { type Static, Type } from 'typebox';
import { aggregateGroups, aggregates } from '../data/aggregate.ts';
import { called, extent, logDomain, positiveExtent } from '../data/columns.ts';
import { type Groups, groupsOf } from '../data/groups.ts';
import { missingNotes } from '../data/missing.ts';
import { writeCount, writeNumber } from '../data/numbers.ts';
import { finite } from '../data/span.ts';
import type { Axis, Panel } from '../figure.ts';
import { columnParam, groupable, numeric } from '../params.ts';
import { columnNamed, type PlotColumn, type PlotType } from '../plot-type.ts';
import { shortened } from '../text.ts';

export const BarParams = Type.Object({
  x: columnParam(groupable, { title: 'x', description: 'column whose values are the categories', examples: ['locus_group'] }),
  y: Type.Optional(
    columnParam(numeric, {
      title: 'y',
      description: 'column that is aggregated for each category; if omitted, records are counted',
      examples: ['mass (g)'],
    }),
  ),
  aggregate: Type.Optional(
    Type.Enum([...aggregates], {
      title: 'Aggregate',
      description: 'how y is aggregated for each category; default: sum, or count without y',
      examples: ['mean'],
    }),
  ),
  top: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: plotLimits.categories.value,
      title: 'Top',
      description: 'number of categories to draw, those with the greatest values; the picture shows how many are left out',
      default: 20,
    }),
  ),
  order: Type.Optional(
    Type.Enum(['value', 'name'], {
      title: 'Order',
      description: 'value: greatest first; name: by name, numbers by size (the default if x is a number)',
      examples: ['name'],
    }),
  ),
  logY: Type.Optional(Type.Boolean({ title: 'Logarithmic values', description: 'the value axis is logarithmic', default: false })),
});
export type BarParams = Static<typeof BarParams>;

/** Characters of a category's name in the description. */
const NAMED = 100;

interface Bar {
  name: string;
  value: number;
  /** by which bars are ordered by name */
  at: number | string;
}

export const bar: PlotType<BarParams> = {
  id: 'bar',
  aliases: ['bars', 'barh', 'count', 'counts', 'column', 'pie'],
  title: 'Bar chart',
  description: 'Draws the number of records for each value of a column, or the sum, mean, least or greatest value of another column.',
  Params: BarParams,
  figure(input) {
    const { params } = input;
    const x = columnNamed(input, params.x);
    const y = params.y === undefined ? undefined : columnNamed(input, params.y);
    const aggregate = y === undefined ? 'count' : (params.aggregate ?? 'sum');
    const groups = groupsOf(x);
    const bars = barsOf(groups, aggregateGroups(groups, aggregate, y), params, x);
    const measured = y === undefined ? 'count' : aggregate === 'count' ? `count of ${y.title}` : `${aggregate} of ${y.title}`;
    const unit = aggregate === 'count' ? undefined : y?.unit;
    const value: Axis = {
      ...valueAxis(bars, params.logY === true),
      label: measured,
      unit,
      ...(aggregate === 'count' ? { format: 'whole' } : {}),
    };
    const left = groups.names.length - bars.length;
    const label = left === 0 ? x.title : `${x.title} (${bars.length} of ${writeCount(groups.names.length)})`;
    return {
      title: '',
      panels: [panelOf(bars, label, value)],
      description: describe(bars, aggregate === 'count' ? measured.replace('count', 'record counts') : measured, x, groups),
      notes: notesOf(bars, groups, x, y, params.logY === true),
    };
  },
};

/** The categories to draw: those with the greatest values, then in the order requested. */
function barsOf({ names, values }: Groups, results: Float64Array, { top = 20, order }: BarParams, x: PlotColumn): Bar[] {
  const greatest = names
    .map((name, i): Bar => ({ name, value: results[i]!, at: values?.[i] ?? name }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value || byName(a, b))
    .slice(0, top);
  const isByName = order === undefined ? x.type === 'integer' || x.type === 'number' : order === 'name';
  return isByName ? greatest.sort(byName) : greatest;
}

const byName = (a: Bar, b: Bar): number =>
  typeof a.at === 'number' && typeof b.at === 'number' ? a.at - b.at : String(a.at) < String(b.at) ? -1 : a.at === b.at ? 0 : 1;

function valueAxis(bars: readonly Bar[], isLog: boolean): Pick<Axis, 'scale'> {
  const values = Float64Array.from(bars, ({ value }) => value);
  if (isLog) {
    const [least, greatest] = logDomain(positiveExtent(values), 0.05);
    // A bar needs a length: the least value stands at least a third of a decade above the floor.
    return { scale: { kind: 'log', domain: [Math.max(Number.MIN_VALUE, least / 2), greatest] } };
  }
  const [least, greatest] = extent(values, Float64Array.of(0));
  const room = greatest - least < Infinity ? (greatest - least || 1) * 0.05 : greatest * 0.05 - least * 0.05;
  const [low, high] = [least < 0 ? least - room : 0, greatest > 0 || least === 0 ? greatest + room : 0];
  return { scale: { kind: 'linear', domain: [finite(low), finite(high)] } };
}

/** Seven to forty bars with long names lie down, so that the names can be read. */
function panelOf(bars: readonly Bar[], label: string, value: Axis): Panel {
  const count = bars.length;
  const isHorizontal = count > 6 && count <= 40 && bars.some(({ name }) => name.length > 12);
  const names = bars.map(({ name }) => name);
  const band: Axis = { scale: { kind: 'band', categories: isHorizontal ? names.toReversed() : names }, label };
  const half = count > 150 ? 0.5 : 0.4;
  const edge = (side: number) => Float64Array.from(bars, (_, i) => (isHorizontal ? count - 1 - i : i) + side * half);
  return {
    x: isHorizontal ? value : band,
    y: isHorizontal ? band : value,
    marks: [
      {
        mark: 'bars',
        from: edge(-1),
        to: edge(1),
        base: new Float64Array(count),
        value: Float64Array.from(bars, (one) => one.value),
        colour: 0,
        isHorizontal,
      },
    ],
  };
}

function describe(bars: readonly Bar[], measured: string, x: PlotColumn, { names }: Groups): string {
  const some = bars.slice(0, 5).map(({ name, value }) => `${shortened(name, NAMED)} ${writeNumber(value)}`);
  const more = bars.length > some.length ? `, and ${bars.length - some.length} more` : '';
  const of = names.length > bars.length ? `${bars.length} of ${writeCount(names.length)} values` : `${bars.length} values`;
  return `Bar chart of ${measured} for ${of} of ${called(x)}${some.length === 0 ? '' : `: ${some.join(', ')}${more}`}.`;
}

function notesOf(bars: readonly Bar[], groups: Groups, x: PlotColumn, y: PlotColumn | undefined, isLog: boolean): string[] {
  const left = groups.names.length - bars.length;
  const flat = bars.filter(({ value }) => value <= 0).length;
  const beyond = bars.filter(({ value }) => !Number.isFinite(value)).length;
  return [
    ...missingNotes(y === undefined ? [x] : [x, y], 'not counted'),
    ...(left === 0
      ? []
      : [`${writeCount(left)} of ${writeCount(groups.names.length)} values of ${x.title} are left out: those with the least.`]),
    ...(beyond > 0 ? [`${beyond} of ${bars.length} bars have a value beyond the largest number (1.8×10³⁰⁸) and are not drawn.`] : []),
    ...(isLog && flat > 0 ? [`${flat} of ${bars.length} bars are zero or less, which a logarithmic axis cannot show.`] : []),
  ];
}
