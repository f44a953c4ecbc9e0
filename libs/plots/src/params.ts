import type { ColumnType } from '@almanac/domain';
import { type TSchemaOptions, Type } from 'typebox';

/** Marks a property of a plot type's Params as a column name, with the column types that it accepts. */
export interface ColumnOf {
  columnOf: ColumnType[];
}

/** A parameter that names one column. `kinds`: the column types it accepts, so that checks need not know the plot type. */
export const columnParam = (kinds: readonly ColumnType[], options: TSchemaOptions) =>
  Type.String({ minLength: 1, columnOf: [...kinds], ...options });

/** A parameter that names at least one and at most `most` columns. */
export const columnsParam = (kinds: readonly ColumnType[], most: number, options: TSchemaOptions) =>
  Type.Union(
    [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: most, uniqueItems: true })],
    { columnOf: [...kinds], ...options },
  );

/** Types that a number axis can show. */
export const measurable = ['integer', 'number', 'time'] as const satisfies readonly ColumnType[];
export const numeric = ['integer', 'number'] as const satisfies readonly ColumnType[];
/** Types whose values can name a group of records. */
export const groupable = ['string', 'boolean', 'integer', 'number'] as const satisfies readonly ColumnType[];

/** The column types that a parameter accepts; undefined if it names no column. */
export const columnKinds = (property: object): readonly ColumnType[] | undefined => (property as Partial<ColumnOf>).columnOf;
