import { type ColumnType, unknownColumn } from '@almanac/domain';
import type { TObject } from 'typebox';
import type { Figure, Values } from './figure.ts';

/**
 * One column as plots read it. Numbers, times (milliseconds, UTC) and booleans (0, 1) lie in a Float64Array, a missing value is NaN;
 * strings are codes into `names`, a missing one is -1.
 */
export interface PlotColumn {
  name: string;
  type: ColumnType;
  /** the name without its unit, for people */
  title: string;
  unit?: string | undefined;
  values: Values;
  names?: readonly string[] | undefined;
}

export interface PlotInput<P> {
  columns: Readonly<Record<string, PlotColumn>>;
  /** how many records the columns hold; 0 draws empty axes */
  rows: number;
  params: P;
}

/** A plot type. A new one is a file in types/ and a line in registry.ts: validation, API documents and painters follow from this object. */
export interface PlotType<P = Record<string, unknown>> {
  id: string;
  /** other names of it in the course dialect: lower case, without spaces, and without `plot` or `chart` at the end */
  aliases: readonly string[];
  title: string;
  description: string;
  /** JSON Schema of its parameters; those that name columns are made by columnParam */
  Params: TObject;
  figure(input: PlotInput<P>): Figure;
}

/** A column the parameters name. */
export function columnNamed(input: Pick<PlotInput<unknown>, 'columns'>, name: string): PlotColumn {
  const found = input.columns[name];
  if (found === undefined) throw unknownColumn(name, Object.keys(input.columns));
  return found;
}
