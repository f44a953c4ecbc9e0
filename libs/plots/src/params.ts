import type { ColumnType } from '@almanac/domain';
import { type TSchemaOptions, Type } from 'typebox';

/** What a property of a plot type's Params carries when it names a column: the column types that suit it. */
export interface ColumnOf {
  columnOf: ColumnType[];
}

/** A parameter that names one column. `kinds`: the column types that suit, so that a check against a data set needs to know no plot type. */
export const columnParam = (kinds: readonly ColumnType[], options: TSchemaOptions) =>
  Type.String({ minLength: 1, columnOf: [...kinds], ...options });

/** A parameter that names one column or several, up to `most`. */
export const columnsParam = (kinds: readonly ColumnType[], most: number, options: TSchemaOptions) =>
  Type.Union(
    [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: most, uniqueItems: true })],
    { columnOf: [...kinds], ...options },
  );

/** Types that have a place on a number axis. */
export const measurable = ['integer', 'number', 'time'] as const satisfies readonly ColumnType[];
export const numeric = ['integer', 'number'] as const satisfies readonly ColumnType[];
/** Types whose values can name a group of records. */
export const groupable = ['string', 'boolean', 'integer', 'number'] as const satisfies readonly ColumnType[];

/** The column types that suit a parameter, or undefined where it names no column. */
export const columnKinds = (property: object): readonly ColumnType[] | undefined => (property as Partial<ColumnOf>).columnOf;
