import type { ColumnType } from '@almanac/domain';

/** The first value of a kind, and where it is. */
export interface FirstValue {
  row: number;
  value: string;
}

/** How many values of a column read as what. `padded` are texts like 0920, which other values decide on. */
export type KindCounts = Record<ColumnType | 'padded', number>;

/** Everything a column's type is decided by. */
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

/** The one kind of all values; integers beside numbers are numbers; any other mixture is text, as is a column without values. */
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
 * Few texts like 0920 among many integers that may all be years are years before 1000, as catalogues write them.
 * In a column of codes about one in ten begins with 0, and there they stay text.
 */
function arePaddedYears({ counts, least, greatest }: ColumnTally): boolean {
  const others = counts.number + counts.boolean + counts.time + counts.string + counts.json;
  return counts.padded > 0 && others === 0 && counts.integer >= 100 * counts.padded && least >= 0 && greatest < 3000;
}

/** The first value outside the kind that most values are of, where that kind alone would have given a narrower type. */
function exceptionTo(type: ColumnType, kinds: TypeDecision['kinds'], { firsts }: ColumnTally, padded: ColumnType): FirstValue | undefined {
  const present = Object.entries(kinds) as [ColumnType, number][];
  if (present.length < 2) return undefined;
  // Where the column is text, its integers and numbers stand together for the numbers it could have been.
  const group = (kind: ColumnType): ColumnType => (type === 'string' && kind === 'integer' ? 'number' : kind);
  const counts = new Map<ColumnType, number>();
  for (const [kind, count] of present) counts.set(group(kind), (counts.get(group(kind)) ?? 0) + count);
  const total = present.reduce((sum, [, count]) => sum + count, 0);
  const most = [...counts].find(([, count]) => count * 2 > total)?.[0];
  if (most === undefined || most === type) return undefined;
  const outside = [...firsts].filter(([kind]) => group(kind === 'padded' ? padded : kind) !== most).map(([, first]) => first);
  return outside.reduce((a, b) => (b.row < a.row ? b : a));
}
