import { ProblemError, textOf, tokenOf, unknownColumn } from '@almanac/domain';
import type { RecordSet } from '../record-set.ts';

/** The arithmetic mean of the values that are there. */
export function mean(numbers: Float64Array, column: string): { average: number; count: number } {
  const present = numbers.filter((value) => !Number.isNaN(value));
  if (present.length === 0) throw new ProblemError('unsuitable-column', `No record has a value in '${column}'.`);
  return { average: present.reduce((sum, value) => sum + value, 0) / present.length, count: present.length };
}

/** As the course counts: north and east are above zero. Landings without a place are counted apart, if there are any. */
export function countHemispheres(latitudes: Float64Array, longitudes: Float64Array): Record<string, number> {
  const counts: Record<string, number> = {
    'Northern & Eastern': 0,
    'Northern & Western': 0,
    'Southern & Eastern': 0,
    'Southern & Western': 0,
  };
  for (const [i, latitude] of latitudes.entries()) {
    const longitude = longitudes[i] as number;
    const name =
      Number.isNaN(latitude) || Number.isNaN(longitude)
        ? 'No position'
        : `${latitude > 0 ? 'Northern' : 'Southern'} & ${longitude > 0 ? 'Eastern' : 'Western'}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** How often each class occurs, in the order in which they first do. */
export async function countClasses(set: RecordSet): Promise<Record<string, number>> {
  const names = set.schema.columns.map(({ name }) => name);
  if (!names.includes('recclass')) throw unknownColumn('recclass', names);
  return set.computed('classes', () => {
    const counts = new Map<string, number>();
    return {
      row: (text) => {
        const token = tokenOf(text, 'recclass');
        if (token === undefined || token === 'null') return;
        const name = textOf(token);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      },
      done: () => Object.fromEntries(counts),
    };
  });
}
