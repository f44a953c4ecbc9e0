import type { Sample } from './sample.ts';

/** Degrees a university awarded each year, as the course's unit 4 has them. */
const awarded = [5818, 5725, 6005, 6123, 6096];

export const degrees: Sample = {
  id: 'degrees',
  title: 'Degrees awarded by year (example)',
  key: 'id',
  file: 'degrees.json',
  mediaType: 'application/json',
  text: () => `${JSON.stringify(awarded.map((count, id) => ({ id, year: 1990 + id, degrees: count })))}\n`,
  plot: () => ({ type: 'line', x: 'year', y: 'degrees', styles: ['-o'], title: 'Degrees awarded by year (example)' }),
};
