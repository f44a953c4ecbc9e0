import { Type } from 'typebox';
import { json } from '../answer.ts';
import { noData } from '../parameters.ts';
import type { Question, ReadingRoute } from '../route.ts';
import { numbersOf } from '../stored-numbers.ts';
import { countClasses, countHemispheres, mean } from './summaries.ts';

const MASS = 'mass (g)';

function needData({ set }: Question): void {
  if (set.rows === 0) throw noData('meteorite landings', set);
}

export const routes: readonly ReadingRoute[] = [
  {
    service: 'query',
    method: 'GET',
    path: '/meteorites/average',
    summary: 'The mean of a column of numbers, the mass unless another is named',
    example: `-G $BASE/meteorites/average --data-urlencode 'column=mass (g)'`,
    query: Type.Object({ column: Type.Optional(Type.String({ default: MASS, description: 'the column' })) }),
    async answer(question) {
      needData(question);
      const { column = MASS } = question.query;
      const numbers = await numbersOf(question.set, column);
      const { average, count } = mean(numbers, column);
      return json({ column, average, count, missing: numbers.length - count });
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/meteorites/hemispheres',
    summary: 'How many landings lie in each quarter of the Earth',
    example: '$BASE/meteorites/hemispheres',
    async answer({ set }) {
      const isEmpty = set.rows === 0;
      const none = new Float64Array(0);
      return json(countHemispheres(isEmpty ? none : await numbersOf(set, 'reclat'), isEmpty ? none : await numbersOf(set, 'reclong')));
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/meteorites/classes',
    summary: 'How many landings there are of each class',
    example: '$BASE/meteorites/classes',
    answer: async ({ set }) => json(set.rows === 0 ? {} : await countClasses(set)),
  },
];
