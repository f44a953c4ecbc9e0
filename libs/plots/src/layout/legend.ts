import type { Colour, Mark, Panel, Shape } from '../figure.ts';
import type { Box, Item } from '../scene.ts';
import { clip } from '../text.ts';
import { lengths } from '../theme.ts';
import { type Context, say, sizes } from './context.ts';
import { colourOf } from './marks.ts';

type Swatch =
  | { kind: 'line'; colour: Colour; dash: readonly number[] }
  | { kind: 'dot'; colour: Colour | 'rest'; radius: number; shape: Shape }
  | { kind: 'block'; colour: Colour };

/** One row: a name with its swatches, or a heading without any. */
export interface LegendRow {
  name: string;
  swatches: readonly Swatch[];
}

export interface Legend {
  rows: readonly LegendRow[];
  columns: number;
  columnWidth: number;
  rowHeight: number;
  w: number;
  h: number;
}

/** The rows of a panel's legend: its named marks, then its keys under their titles. One line that the axis names already needs none. */
export function legendRows({ marks, keys = [], y }: Panel): LegendRow[] {
  const named = new Map<string, Swatch[]>();
  for (const mark of marks) {
    if (mark.name !== undefined) named.set(mark.name, [...(named.get(mark.name) ?? []), swatchOf(mark)]);
  }
  const series = [...named].map(([name, swatches]) => ({ name, swatches }));
  const keyed = keys.flatMap(({ title, entries }) => [
    { name: title, swatches: [] },
    ...entries.map(({ name, colour, radius }) => ({
      name,
      swatches: [{ kind: 'dot' as const, colour, radius, shape: 'circle' as const }],
    })),
  ]);
  return [...(series.length === 1 && series[0]!.name === y.label ? [] : series), ...keyed];
}

function swatchOf(mark: Mark): Swatch {
  if (mark.mark === 'bars') return { kind: 'block', colour: mark.colour };
  if (mark.mark === 'line') return { kind: 'line', colour: mark.colour, dash: mark.dash ?? [] };
  const { colour, radius, shape = 'circle' } = mark;
  return { kind: 'dot', colour: typeof colour === 'object' ? 0 : colour, radius: typeof radius === 'number' ? radius : 3, shape };
}

const swatchWidth = (context: Context): number => 26 * context.unit;
const padding = (context: Context): number => 7 * context.unit;

/** A legend in columns, no wider than `widest`: names are cut if they must be. */
export function measureLegend(rows: readonly LegendRow[], columns: number, widest: number, context: Context): Legend {
  const { measure } = context;
  const size = sizes(context).legend;
  const [swatch, pad] = [swatchWidth(context), padding(context)];
  const indent = (row: LegendRow) => (row.swatches.length === 0 ? 0 : swatch);
  const columnWidth = Math.min(Math.max(...rows.map((row) => measure(row.name, size) + indent(row))) + pad, (widest - pad) / columns);
  return {
    rows: rows.map((row) => ({ ...row, name: clip(row.name, columnWidth - indent(row) - pad + 0.01, size, measure) })),
    columns,
    columnWidth,
    rowHeight: size * 1.5,
    w: columns * columnWidth + pad,
    h: Math.ceil(rows.length / columns) * size * 1.5 + pad,
  };
}

/** A legend below a panel: as many columns as fit, and of what then is too tall only the rows that leave room for the plot. */
export function flatLegend(rows: readonly LegendRow[], widest: number, tallest: number, context: Context): Legend {
  const { columnWidth, rowHeight } = measureLegend(rows, 1, widest, context);
  const columns = Math.max(1, Math.min(rows.length, Math.floor((widest - padding(context)) / columnWidth)));
  const most = Math.max(1, Math.floor((tallest - padding(context)) / rowHeight)) * columns;
  const shown = rows.length <= most ? rows : [...rows.slice(0, most - 1), { name: `and ${rows.length - most + 1} more`, swatches: [] }];
  return measureLegend(shown, Math.min(columns, shown.length), widest, context);
}

/** The drawing of a legend whose top left corner lies at x, y. */
export function legendItems(legend: Legend, x: number, y: number, context: Context): Item[] {
  const { theme } = context;
  const pad = padding(context);
  const rowsPerColumn = Math.ceil(legend.rows.length / legend.columns);
  const box = { x, y, w: legend.w, h: legend.h };
  const items: Item[] = [{ item: 'rect', box, fill: theme.legendFill, stroke: theme.legendStroke, width: 1 }];
  legend.rows.forEach((row, i) => {
    const left = x + pad + Math.floor(i / rowsPerColumn) * legend.columnWidth;
    const middle = y + pad / 2 + ((i % rowsPerColumn) + 0.5) * legend.rowHeight;
    items.push(...row.swatches.map((swatch) => swatchItem(swatch, left, middle, context, box)));
    const isHeading = row.swatches.length === 0;
    const textX = isHeading ? left : left + swatchWidth(context);
    const baseline = middle + sizes(context).legend * 0.35;
    items.push(say(context, { text: row.name, x: textX, y: baseline, role: 'legend', colour: isHeading ? theme.ink : theme.inkSoft }));
  });
  return items;
}

function swatchItem(swatch: Swatch, left: number, middle: number, { unit, theme }: Context, box: Box): Item {
  const width = 20 * unit;
  const colour = swatch.colour === 'rest' ? theme.grey : colourOf(swatch.colour, theme);
  if (swatch.kind === 'block') return { item: 'rect', box: { x: left, y: middle - 5 * unit, w: width, h: 10 * unit }, fill: colour };
  if (swatch.kind === 'line') {
    const dash = swatch.dash.map((length) => length * unit);
    return { item: 'path', xy: Float64Array.of(left, middle, left + width, middle), stroke: colour, width: lengths.line * unit, dash };
  }
  return {
    item: 'points',
    x: Float64Array.of(left + width / 2),
    y: Float64Array.of(middle),
    at: { ax: 0, kx: 1, ay: 0, ky: 1 },
    radius: Math.max(1, swatch.radius) * unit,
    colour,
    opacity: 1,
    shape: swatch.shape,
    clip: box,
  };
}
