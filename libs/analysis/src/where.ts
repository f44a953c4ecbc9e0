import { type Column, type Comparison, invalidParameter, operators, parseTime, type Scalar, unknownColumn } from '@almanac/domain';

/** A parsed record, as JSON.parse gives it. */
export type Row = Readonly<Record<string, unknown>>;
export type Predicate = (row: Row) => boolean;

/**
 * A filter made ready to be asked of every row: all comparisons must hold. Values compare as their column's type: numbers as numbers,
 * times as moments, everything else as text. `like` takes * for any run of characters and ignores case. A missing value equals only
 * null or the empty text, and is `ne` to anything else.
 * Throws unknown-column and invalid-parameter problems; `parameter` names the comparison in them.
 */
export function compileWhere(
  comparisons: readonly Comparison[],
  columns: readonly Column[],
  parameter = ({ column, operator }: Comparison) => (operator === 'eq' ? column : `${column}[${operator}]`),
): Predicate {
  const tests = comparisons.map((comparison) => {
    const column = columns.find(({ name }) => name === comparison.column);
    if (column === undefined) throw unknownColumn(comparison.column, columns.map(({ name }) => name), parameter(comparison));
    const holds = compileComparison(comparison, column, parameter(comparison));
    return (row: Row) => holds(row[column.name]);
  });
  return (row) => tests.every((holds) => holds(row));
}

type Test = (value: unknown) => boolean;
type Comparable = number | string;

function compileComparison({ operator, value }: Comparison, column: Column, parameter: string): Test {
  const typed = (wanted: Scalar | Scalar[]) => comparable(wanted as Scalar, column, parameter);
  const of = (seen: unknown) => comparableOf(seen, column);
  switch (operator) {
    case 'eq':
      return isMissing(value) ? isMissing : equals(of, typed(value));
    case 'ne':
      return isMissing(value) ? (seen) => !isMissing(seen) : not(equals(of, typed(value)));
    case 'in':
      return anyOf((Array.isArray(value) ? value : [value]).map((one) => (isMissing(one) ? isMissing : equals(of, typed(one)))));
    case 'like':
      return like(String(value));
    case 'gt':
      return compared(of, typed(value), (seen, wanted) => seen > wanted);
    case 'gte':
      return compared(of, typed(value), (seen, wanted) => seen >= wanted);
    case 'lt':
      return compared(of, typed(value), (seen, wanted) => seen < wanted);
    case 'lte':
      return compared(of, typed(value), (seen, wanted) => seen <= wanted);
    default:
      throw invalidParameter(parameter, operator, `there is no comparison '${String(operator)}'; there are ${operators.join(', ')}`);
  }
}

const isMissing = (value: unknown): boolean => value === null || value === undefined || value === '';
const not = (test: Test): Test => (value) => !test(value);
const anyOf = (tests: readonly Test[]): Test => (value) => tests.some((test) => test(value));
const equals = (of: (seen: unknown) => Comparable | undefined, wanted: Comparable): Test => (seen) => of(seen) === wanted;

const compared =
  (of: (seen: unknown) => Comparable | undefined, wanted: Comparable, holds: (seen: Comparable, wanted: Comparable) => boolean): Test =>
  (seen) => {
    const value = of(seen);
    return value !== undefined && holds(value, wanted);
  };

/** What a caller wrote, as the column's type; text that is none of that type is the caller's mistake. */
function comparable(wanted: Scalar, column: Column, parameter: string): Comparable {
  const value = comparableOf(wanted, column);
  if (value === undefined) throw invalidParameter(parameter, wanted, `column '${column.name}' holds ${column.type} values, so compare it with one`);
  return value;
}

/** A value as what its column compares by; undefined where it is missing or not of the type. */
function comparableOf(value: unknown, { type }: Column): Comparable | undefined {
  if (isMissing(value)) return undefined;
  switch (type) {
    case 'integer':
    case 'number': {
      const number = typeof value === 'number' ? value : Number(value);
      return Number.isNaN(number) ? undefined : number;
    }
    case 'time':
      return parseTime(String(value));
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

/** `*x*` as a test of text, whatever its case. */
function like(pattern: string): Test {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*?');
  const expression = new RegExp(`^${source}$`, 'is');
  return (seen) => !isMissing(seen) && expression.test(typeof seen === 'object' ? JSON.stringify(seen) : String(seen));
}
