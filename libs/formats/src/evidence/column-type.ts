import type { ColumnType } from '@almanac/domain';

/** The first value of a kind, and its row. */
export interface FirstValue {
  row: number;
  value: string;
}

/** Number of values of a column by kind. `padded`: texts like 0920, whose kind depends on the other values. */
export type KindCounts = Record<ColumnType | 'padded', number>;

/** What the type of a column is decided from. */
export interface ColumnTally {
  counts: KindCounts;
  firsts: ReadonlyMap<ColumnType | 'padded', FirstValue>;
  /** least and greatest of its numbers */
  least: number;
  greatest: number;
}

export interface TypeDecision {
  type: ColumnType;
  /** only those that occur */
  kinds: Partial<Record<ColumnType, number>>;
  exception: FirstValue | undefined;
}

const order: readonly ColumnType[] = ['integer', 'number', 'boolean', 'time', 'string', 'json'];

/** The kind that all values have; a mixture of integers and numbers is number; any other mixture, and a column without values, is string. */
export function decideType(tally: ColumnTally): TypeDecision {
  const { counts } = tally;
  const padded: ColumnType = arePaddedYears(tally) ? 'integer' : 'string';
  const kinds: Partial<Record<ColumnType, number>> = {};
  for (const kind of order) {
    const count = counts[kind] + (kind === padded ? counts.padded : 0);
    if (count > 0) kinds[kind] = count;
  }
  const present = Object.keys(kinds) as ColumnType[];
  const isNumeric = present.every((kind) => kind === 'integer' || kind === 'number');
  const type = present.length === 1 ? (present[0] as ColumnType) : isNumeric && present.length === 2 ? 'number' : 'string';
  return { type, kinds, exception: exceptionTo(type, kinds, tally, padded) };
}

/**
 * A few texts like 0920 among many integers that can all be years are years before 1000, as catalogues write them.
 * In a column of codes about one in ten begins with 0: such a column stays text.
 */
function arePaddedYears({ counts, least, greatest }: ColumnTally): boolean {
  const others = counts.number + counts.boolean + counts.time + counts.string + counts.json;
  return counts.padded > 0 && others === 0 && counts.integer >= 100 * counts.padded && least >= 0 && greatest < 3000;
}

/** The first value that is not of the kind of most values, if that kind alone would have given a narrower type. */
function exceptionTo(type: ColumnType, kinds: TypeDecision['kinds'], { firsts }: ColumnTally, padded: ColumnType): FirstValue | undefined {
  const present = Object.entries(kinds) as [ColumnType, number][];
  if (present.length < 2) return undefined;
  // If the column is text, its integers and numbers count together: it could have been numeric.
  const group = (kind: ColumnType): ColumnType => (type === 'string' && kind === 'integer' ? 'number' : kind);
  const counts = new Map<ColumnType, number>();
  for (const [kind, count] of present) counts.set(group(kind), (counts.get(group(kind)) ?? 0) + count);
  const total = present.reduce((sum, [, count]) => sum + count, 0);
  const most = [...counts].find(([, count]) => count * 2 > total)?.[0];
  if (most === undefined || most === type) return undefined;
  const outside = [...firsts].filter(([kind]) => group(kind === 'padded' ? padded : kind) !== most).map(([, first]) => first);
  return outside.reduce((a, b) => (b.row < a.row ? b : a));
}
