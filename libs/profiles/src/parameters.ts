import { hint, invalidParameter, isNumberText, ProblemError } from '@almanac/domain';

type Query = Readonly<Record<string, string>>;

/** `limit` and `offset` of a list with `total` items: the places from which and up to which it goes. Any whole number is legal. */
export function pageOf(query: Query, total: number): { from: number; to: number } {
  const [limit, offset] = [wholeNumber(query, 'limit') ?? total, wholeNumber(query, 'offset') ?? 0];
  const from = Math.min(offset, total);
  return { from, to: Math.min(from + limit, total) };
}

function wholeNumber(query: Query, name: 'limit' | 'offset'): number | undefined {
  const given = query[name];
  if (given === undefined || given === '') return undefined;
  if (!/^\d{1,20}$/.test(given)) throw invalidParameter(name, given, 'limit and offset must be non-negative integers');
  return Number(given);
}

/** A positive number of the query, or what is usual. */
export function positiveNumber(query: Query, name: string, usual: number): number {
  const given = query[name];
  if (given === undefined || given === '') return usual;
  const value = isNumberText(given) ? Number(given) : Number.NaN;
  if (!(value > 0) || !Number.isFinite(value)) throw invalidParameter(name, given, `write a number above 0, e.g. ${usual}`);
  return value;
}

/** Which of the shapes is asked for; undefined where none is. Throws 400 for one there is not. */
export function shapeIn({ shape }: Query, names: readonly string[]): string | undefined {
  if (shape === undefined || shape === '') return undefined;
  if (names.includes(shape)) return shape;
  throw invalidParameter('shape', shape, `there is no such shape${hint(shape, names)}`);
}

/** An answer about records needs some. */
export const noData = (what: string, { id }: { id: string }) =>
  new ProblemError('not-found', `No ${what} are loaded. POST /data?dataset=${id} loads them.`);
