import { invalidParameter, textOf, tokenOf } from '@almanac/domain';
import { Type } from 'typebox';
import { Count, isTextAsked, noData, pageOf, positiveNumber } from '../parameters.ts';
import type { RecordSet } from '../record-set.ts';
import { json, list, text } from '../response.ts';
import type { ReadingRoute } from '../route.ts';
import { numbersOf } from '../stored-numbers.ts';
import { courseTreatment, hoursUntilSafe, latestMean, type Treatment, TURBIDITY, treatmentLines } from './treatment.ts';

const number = (description: string, usual: number, more = {}) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, description, default: usual, ...more }));

export const routes: readonly ReadingRoute[] = [
  {
    service: 'query',
    method: 'GET',
    path: '/turbidity',
    summary: "Whether the water is safe now, or when it will be; f=text: the lines of the course's program",
    example: '"$BASE/turbidity?f=text"',
    query: Type.Object({
      f: Type.Optional(Type.Enum(['json', 'text'])),
      measurements: Type.Optional(
        Type.Integer({ minimum: 1, description: 'how many of the latest are averaged', default: courseTreatment.measurements }),
      ),
      threshold: number('NTU up to which water is safe', courseTreatment.thresholdNtu),
      decay: number('percent of itself by which turbidity falls each hour', courseTreatment.decayPercentPerHour, { exclusiveMaximum: 100 }),
    }),
    async respond({ set, query }) {
      const turbidities = set.rows === 0 ? new Float64Array(0) : await numbersOf(set, TURBIDITY);
      if (!turbidities.some((value) => !Number.isNaN(value))) throw noData('measurements', set);
      const treatment = treatmentIn(query);
      const { meanNtu, measurements } = latestMean(turbidities, treatment.measurements);
      const hours = hoursUntilSafe(meanNtu, treatment);
      if (isTextAsked(query)) return text(treatmentLines(meanNtu, measurements, hours));
      return json({
        turbidity: meanNtu,
        units: 'NTU',
        measurements,
        threshold: treatment.thresholdNtu,
        safe: hours === 0,
        minimum_time: hours,
        time_units: 'hours',
        decay: treatment.decayPercentPerHour / 100,
      });
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/turbidity/history',
    summary: 'The turbidity of every measurement; also a column of the data set, for filters and plots',
    example: '"$BASE/turbidity/history?limit=5"',
    query: Type.Object({ limit: Count('the most items to return'), offset: Count('how many items to skip') }),
    async respond({ set, query }) {
      const { from, to } = pageOf(query, set.rows);
      return set.rows === 0 ? json([]) : list(await history(set), from, to);
    },
  },
];

function treatmentIn(query: Readonly<Record<string, string>>): Treatment {
  const measurements = positiveNumber(query, 'measurements', courseTreatment.measurements);
  if (!Number.isInteger(measurements)) throw invalidParameter('measurements', query.measurements, 'write how many: 1, 2, 3, ...');
  const decayPercentPerHour = positiveNumber(query, 'decay', courseTreatment.decayPercentPerHour);
  if (decayPercentPerHour >= 100) throw invalidParameter('decay', query.decay, 'write percent an hour, below 100');
  return { measurements, thresholdNtu: positiveNumber(query, 'threshold', courseTreatment.thresholdNtu), decayPercentPerHour };
}

async function history(set: RecordSet): Promise<{ datetime: string | null; turbidity: number | null }[]> {
  const turbidities = await numbersOf(set, TURBIDITY);
  return set.computed('history', () => {
    const found: { datetime: string | null; turbidity: number | null }[] = [];
    return {
      row: (row) => {
        const token = tokenOf(row, 'datetime');
        const value = turbidities[found.length] as number;
        found.push({
          datetime: token === undefined || token === 'null' ? null : textOf(token),
          turbidity: Number.isNaN(value) ? null : value,
        });
      },
      done: () => found,
    };
  });
}
