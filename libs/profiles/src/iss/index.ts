import { type Profile, profileDefaults } from '../profile.ts';
import { routes } from './routes.ts';
import { NodeCheck } from './self-check.ts';
import { units } from './units.ts';

/** NASA's ephemeris of the International Space Station (CCSDS OEM, EME2000, UTC): the course's midterm. */
export const iss: Profile = {
  ...profileDefaults,
  id: 'iss',
  title: 'Ephemeris of the International Space Station',
  source: { url: 'https://nasa-public-data.s3.amazonaws.com/iss-coords/current/ISS_OEM/ISS.OEM_J2K_EPH.xml' },
  loadsAtStart: true,
  key: 'EPOCH',
  columns: Object.entries(units).map(([name, unit]) => ({ name, unit })),
  matches: (names) => ['EPOCH', ...Object.keys(units)].every((name) => names.has(name)),
  timeColumn: 'EPOCH',
  defaultPlot: { type: 'line', x: 'EPOCH', y: ['X', 'Y', 'Z'], title: 'Position of the ISS (EME2000)' },
  check: () => new NodeCheck(),
  routes,
};
