import { type Profile, profileDefaults } from '../profile.ts';
import { routes } from './routes.ts';
import { compositions, sites } from './sites.ts';

/** Landing sites in Syrtis Major that a robot visits one after the other: the course's homework 2 of spring 2023. */
export const mars: Profile = {
  ...profileDefaults,
  id: 'mars',
  title: 'Meteorite sites on Mars',
  source: { records: () => sites() },
  loadsAtStart: true,
  key: 'site_id',
  columns: [
    { name: 'latitude', unit: '°' },
    { name: 'longitude', unit: '°' },
  ],
  matches: (names) => ['site_id', 'latitude', 'longitude', 'composition'].every((name) => names.has(name)),
  defaultPlot: { type: 'scatter', x: 'longitude', y: 'latitude', color: 'composition', title: 'Meteorite sites on Mars' },
  routes: routes(compositions),
};
