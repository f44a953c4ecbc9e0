import type { ColumnType } from '@almanac/domain';
import type { Figure } from './figure.ts';
import type { PlotColumn } from './plot-type.ts';
import { type PlotTypeId, plotTypes } from './registry.ts';

/** Columns and figures for the tests of this room. */

export interface About {
  type?: ColumnType;
  title?: string;
  unit?: string;
}

export const numbers = (name: string, values: Iterable<number>, { type = 'number', title = name, unit }: About = {}): PlotColumn => ({
  name,
  type,
  title,
  unit,
  values: Float64Array.from(values),
});

/** null is a record without a value. */
export function strings(name: string, values: readonly (string | null)[], { title = name }: About = {}): PlotColumn {
  const names = [...new Set(values.filter((value) => value !== null))];
  const codes = new Map(names.map((value, i) => [value, i]));
  return { name, type: 'string', title, names, values: Int32Array.from(values, (value) => (value === null ? -1 : codes.get(value)!)) };
}

export function figureOf(type: PlotTypeId, columns: readonly PlotColumn[], params: Record<string, unknown>, title = ''): Figure {
  const rows = columns[0]?.values.length ?? 0;
  const byName = Object.fromEntries(columns.map((column) => [column.name, column]));
  return { ...plotTypes[type].figure({ columns: byName, rows, params }), title };
}

/** The same numbers between 0 and 1 in every run (Numerical Recipes' linear congruence). */
export function random(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const make = (count: number, of: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => of(i));
