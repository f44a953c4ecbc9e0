import { type Profile, plain } from '../profile.ts';
import { routes } from './routes.ts';
import { NodeCheck } from './self-check.ts';

/** NASA's ephemeris of the International Space Station (CCSDS OEM, EME2000, UTC): the course's midterm. */
export const iss: Profile = {
  ...plain,
  id: 'iss',
  title: 'Ephemeris of the International Space Station',
  source: { url: 'https://nasa-public-data.s3.amazonaws.com/iss-coords/current/ISS_OEM/ISS.OEM_J2K_EPH.xml' },
  loadsAtStart: true,
  key: 'EPOCH',
  columns: [
    ...['X', 'Y', 'Z'].map((name) => ({ name, unit: 'km' })),
    ...['X_DOT', 'Y_DOT', 'Z_DOT'].map((name) => ({ name, unit: 'km/s' })),
  ],
  matches: (names) => ['EPOCH', 'X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT'].every((name) => names.has(name)),
  timeColumn: 'EPOCH',
  defaultPlot: { type: 'line', x: 'EPOCH', y: ['X', 'Y', 'Z'], title: 'Position of the ISS (EME2000)' },
  check: () => new NodeCheck(),
  routes,
};
