import { type Profile, profileDefaults } from '../profile.ts';
import { routes } from './routes.ts';

/** Degrees a university awarded each year: the five records of the course's unit 4. */
const records = [
  { id: 0, year: 1990, degrees: 5818 },
  { id: 1, year: 1991, degrees: 5725 },
  { id: 2, year: 1992, degrees: 6005 },
  { id: 3, year: 1993, degrees: 6123 },
  { id: 4, year: 1994, degrees: 6096 },
];

export const degrees: Profile = {
  ...profileDefaults,
  id: 'degrees',
  title: 'Degrees awarded by year',
  source: { records: () => records },
  // The course's first service has its data in its code: its clients never load them.
  loadsAtStart: true,
  readsConfig: true,
  key: 'id',
  matches: (names) => names.size === 3 && ['id', 'year', 'degrees'].every((name) => names.has(name)),
  timeColumn: 'year',
  defaultPlot: { type: 'line', x: 'year', y: 'degrees', styles: ['-o'], title: 'Degrees awarded by year' },
  routes,
};
