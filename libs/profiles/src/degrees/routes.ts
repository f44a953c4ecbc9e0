import { ProblemError, shown, textOf, tokenOf } from '@almanac/domain';
import { Type } from 'typebox';
import { Count, pageOf } from '../parameters.ts';
import { jsonText, text } from '../response.ts';
import type { ReadingRoute } from '../route.ts';

const notFound = (id: string) => new ProblemError('unknown-record', `There are no degrees with the id ${shown(id)}.`);

/** As the router of the course's framework reads `<int:id>`: digits alone. */
const isId = (id: string): boolean => /^\d{1,15}$/.test(id);

export const routes: readonly ReadingRoute[] = [
  {
    service: 'query',
    method: 'GET',
    path: '/degrees',
    summary: 'Degrees awarded by year, from a year on',
    example: '"$BASE/degrees?start=1993&limit=2"',
    query: Type.Object({
      start: Type.Optional(Type.Integer({ description: 'the first year', examples: [1993] })),
      limit: Count('at most this many items'),
      offset: Count('items to skip'),
    }),
    respond({ set, query }) {
      const { start } = query;
      if (start !== undefined && !/^[+-]?\d+$/.test(start)) return text('Invalid start parameter; start must be an integer.', 400);
      const all = [...set.texts()];
      const found = start === undefined ? all : all.filter((row) => Number(textOf(tokenOf(row, 'year') ?? 'null')) >= Number(start));
      const { from, to } = pageOf(query, found.length);
      return jsonText(`[${found.slice(from, to).join(',')}]`);
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/degrees/:id',
    quick: true,
    summary: 'One year by its id',
    example: '$BASE/degrees/2',
    respond({ set, params: { id = '' } }) {
      const row = isId(id) ? set.byKey(String(Number(id))) : undefined;
      if (row === undefined) throw notFound(id);
      return jsonText(row);
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/degrees/:id/degrees',
    quick: true,
    summary: 'The number of degrees of one year',
    example: '$BASE/degrees/2/degrees',
    respond({ set, params: { id = '' } }) {
      const row = isId(id) ? set.byKey(String(Number(id))) : undefined;
      if (row === undefined) throw notFound(id);
      const token = tokenOf(row, 'degrees');
      if (token === undefined || token === 'null')
        throw new ProblemError('unknown-record', `The record ${shown(id)} has no number of degrees.`);
      return jsonText(token);
    },
  },
];
