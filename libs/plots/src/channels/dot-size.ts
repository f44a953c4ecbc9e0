import { called, extent } from '../data/columns.ts';
import { countMissing, ofRecords } from '../data/missing.ts';
import { writeNumber } from '../data/numbers.ts';
import { roundValues } from '../data/round-values.ts';
import { shareOf } from '../data/span.ts';
import type { Key } from '../figure.ts';
import type { PlotColumn } from '../plot-type.ts';

/** Radius at 640x480 of the least dot that can still be seen. */
const LEAST = 1;
/** Radius of the greatest value: the more records, the smaller. */
const greatestRadius = (rows: number): number => (rows <= 300 ? 9 : rows <= 3000 ? 7 : 5);

export interface DotSize {
  radius: number | Float32Array;
  keys: Key[];
  notes: string[];
}

/** How a column sizes dots: area in proportion to the value. Without one: the more records, the smaller. */
export function dotSize(column: PlotColumn | undefined, rows: number): DotSize {
  if (column === undefined) return { radius: rows <= 200 ? 3.6 : rows <= 2000 ? 3 : rows <= 10_000 ? 2 : 1.4, keys: [], notes: [] };
  const [least, greatest] = extent(column.values);
  const base = Math.min(0, least);
  const share = shareOf([base, greatest]);
  const radiusOf = (value: number) => (greatest > base ? Math.max(LEAST, greatestRadius(rows) * Math.sqrt(share(value))) : LEAST * 3);
  const missing = countMissing([column]);
  return {
    radius: Float32Array.from(column.values, (value) => (Number.isFinite(value) ? radiusOf(value) : LEAST)),
    keys: [
      {
        title: called(column),
        entries: samples(base, greatest).map((value) => ({ name: writeNumber(value), colour: 'rest', radius: radiusOf(value) })),
      },
    ],
    notes: missing === 0 ? [] : [`${ofRecords(missing, column.values.length)} no ${called(column)}: the smallest dots.`],
  };
}

/** Two or three round values to show in the legend. */
function samples(base: number, greatest: number): number[] {
  if (!(greatest > base)) return [greatest];
  const round = roundValues([base, greatest], 4);
  const inside = round.filter((value) => value > base && value <= greatest);
  return [...new Set([inside[0], inside[Math.floor((inside.length - 1) / 2)], inside[inside.length - 1]])].filter((v) => v !== undefined);
}
