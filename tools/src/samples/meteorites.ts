import { Noise } from './noise.ts';
import { rounded, type Sample } from './sample.ts';

const ROWS = 1000;
/** Classes of meteorites with weights near how often each is found. */
const classes = [
  ['L6', 18],
  ['H5', 16],
  ['L5', 10],
  ['H6', 10],
  ['H4', 9],
  ['LL5', 6],
  ['LL6', 5],
  ['L4', 4],
  ['CM2', 2],
  ['Eucrite', 2],
  ['Iron, IIIAB', 1],
] as const;

/** Made-up meteorite landings with the columns of the well-known table: masses log-normal, finds gathered in ice and desert. */
export const meteorites: Sample = {
  id: 'meteorites',
  title: 'Meteorite landings (simulated)',
  key: 'id',
  file: 'meteorites.csv',
  mediaType: 'text/csv',
  text: () => ['name,id,recclass,mass (g),year,reclat,reclong', ...rows()].join('\n').concat('\n'),
  plot: () => ({ type: 'scatter', x: 'reclong', y: 'reclat', color: 'year', title: 'Meteorite landings (simulated)' }),
};

function rows(): string[] {
  const noise = new Noise(2013);
  return Array.from({ length: ROWS }, (_, i) => {
    const [latitude, longitude, earliest] = place(noise);
    const recclass = noise.pick(classes);
    // Irons are heavy; one find in fifty was never weighed, as in real tables.
    const mass = Math.exp((recclass.startsWith('Iron') ? 9 : 3.6) + 2.1 * noise.normal());
    const year = Math.round(2013 - (2013 - earliest) * noise.uniform() ** 2);
    const weighed = noise.uniform() < 0.02 ? '' : rounded(mass, mass < 10 ? 2 : 0);
    return [
      `Simulated ${String(i + 1).padStart(4, '0')}`,
      i + 1,
      quoted(recclass),
      weighed,
      year,
      rounded(latitude, 4),
      rounded(longitude, 4),
    ].join(',');
  });
}

/** Latitude, longitude (degrees) and the earliest year of finds there: blue ice of Antarctica, hot deserts, or anywhere people live. */
function place(noise: Noise): [number, number, number] {
  const where = noise.uniform();
  if (where < 0.4) return [Math.max(-89, -79 + 4 * noise.normal()), wrapped(160 + 18 * noise.normal()), 1974];
  if (where < 0.65) return [22 + 3 * noise.normal(), 35 + 18 * noise.normal(), 1986];
  return [28 + 18 * noise.normal(), wrapped(-180 + 360 * noise.uniform()), 1800];
}

const wrapped = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180;
const quoted = (text: string): string => (text.includes(',') ? `"${text}"` : text);
