import { datasetIdPattern, hint, invalidParameter, isNumberText, ProblemError } from '@almanac/domain';
import { Type } from 'typebox';

/** A query string by its names. */
export type QueryValues = Readonly<Record<string, string>>;

/** A query string, as the web framework reads it, in this dialect: of a name that was given several times, the last value counts. */
export const lastValues = (query: unknown): QueryValues =>
  Object.fromEntries(
    Object.entries(query as Record<string, unknown>).flatMap(([name, value]) => {
      const last = [value].flat().at(-1);
      return typeof last === 'string' ? [[name, last]] : [];
    }),
  );

export const DatasetParameter = Type.Optional(
  Type.String({
    // Empty means the default one too.
    pattern: `^$|${datasetIdPattern}`,
    description: 'the data set, instead of the default one',
    examples: ['meteorites'],
  }),
);

/** `limit`, `offset` and `start` of a list: documentation, as the routes of this dialect read their parameters themselves. */
export const Count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

/** The data set that a request names; undefined if it names none or the name is empty: the default one. */
export const datasetAsked = ({ dataset }: QueryValues): string | undefined => (dataset === '' ? undefined : dataset);

/** `limit` and `offset` of a list with `total` items: the places from which and up to which it goes. Any whole number is legal. */
export function pageOf(query: QueryValues, total: number): { from: number; to: number } {
  const [limit, offset] = [wholeNumber(query, 'limit') ?? total, wholeNumber(query, 'offset') ?? 0];
  const from = Math.min(offset, total);
  return { from, to: Math.min(from + limit, total) };
}

function wholeNumber(query: QueryValues, name: 'limit' | 'offset'): number | undefined {
  const given = query[name];
  if (given === undefined || given === '') return undefined;
  if (!/^\d{1,300}$/.test(given)) throw invalidParameter(name, given, 'limit and offset must be non-negative integers');
  return Number(given);
}

/** The requested shape; undefined if none is. Throws 400 for an unknown one. */
export function shapeOf<S extends string>({ shape }: QueryValues, shapes: readonly S[]): S | undefined {
  if (shape === undefined || shape === '') return undefined;
  const known = shapes.find((one) => one === shape);
  if (known === undefined) throw invalidParameter('shape', shape, `there is no such shape${hint(shape, shapes)}`);
  return known;
}

/** Whether `?f=text` requests the lines that the course's program prints. Throws 400 for an unknown form. */
export function isTextAsked({ f = '' }: QueryValues): boolean {
  if (f === 'text') return true;
  if (f !== '' && f !== 'json') throw invalidParameter('f', f, `there is no such form${hint(f, ['json', 'text'])}`);
  return false;
}

/** A positive number of the query, or what is usual. */
export function positiveNumber(query: QueryValues, name: string, usual: number): number {
  const given = query[name];
  if (given === undefined || given === '') return usual;
  const value = isNumberText(given) ? Number(given) : Number.NaN;
  if (!(value > 0) || !Number.isFinite(value)) throw invalidParameter(name, given, `write a number above 0, e.g. ${usual}`);
  return value;
}

/** The problem of a route that needs records and finds none. */
export const noData = (what: string, { id }: { id: string }) =>
  new ProblemError('not-found', `No ${what} are loaded. POST /data?dataset=${id} loads them.`);
