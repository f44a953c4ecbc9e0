import { Type } from 'typebox';
import { noData } from '../parameters.ts';
import { json } from '../response.ts';
import type { ProfileRequest, ReadingRoute } from '../route.ts';
import { numbersOf } from '../stored-numbers.ts';
import { countClasses, countHemispheres, mean } from './summaries.ts';

const MASS = 'mass (g)';

function needData({ set }: ProfileRequest): void {
  if (set.rows === 0) throw noData('meteorite landings', set);
}

export const routes: readonly ReadingRoute[] = [
  {
    service: 'query',
    method: 'GET',
    path: '/meteorites/average',
    summary: 'The mean of a column of numbers, by default of the mass',
    example: `-G $BASE/meteorites/average --data-urlencode 'column=mass (g)'`,
    query: Type.Object({ column: Type.Optional(Type.String({ default: MASS, description: 'the column' })) }),
    async respond(request) {
      needData(request);
      const { column = MASS } = request.query;
      const numbers = await numbersOf(request.set, column);
      const { average, count } = mean(numbers, column);
      return json({ column, average, count, missing: numbers.length - count });
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/meteorites/hemispheres',
    summary: 'The number of landings in each quarter of the Earth',
    example: '$BASE/meteorites/hemispheres',
    async respond({ set }) {
      const isEmpty = set.rows === 0;
      const none = new Float64Array(0);
      return json(countHemispheres(isEmpty ? none : await numbersOf(set, 'reclat'), isEmpty ? none : await numbersOf(set, 'reclong')));
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/meteorites/classes',
    summary: 'The number of landings of each class',
    example: '$BASE/meteorites/classes',
    respond: async ({ set }) => json(set.rows === 0 ? {} : await countClasses(set)),
  },
];
