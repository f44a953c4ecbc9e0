import { Noise } from './noise.ts';
import { rounded, type Sample } from './sample.ts';

const compositions = [
  ['stony', 1],
  ['iron', 1],
  ['stony-iron', 1],
] as const;

/** Five landing sites in Syrtis Major for a robot to visit, as the course's program makes them. */
export const mars: Sample = {
  id: 'mars',
  title: 'Meteorite sites on Mars (simulated)',
  key: 'site_id',
  file: 'mars.json',
  mediaType: 'application/json',
  text: () => `${JSON.stringify({ sites: rows() }, null, 1)}\n`,
  plot: () => ({ type: 'scatter', x: 'longitude', y: 'latitude', color: 'composition', title: 'Meteorite sites on Mars (simulated)' }),
};

function rows(): Record<string, unknown>[] {
  const noise = new Noise(16_82);
  return Array.from({ length: 5 }, (_, i) => ({
    site_id: i + 1,
    latitude: Number(rounded(16 + 2 * noise.uniform(), 6)),
    longitude: Number(rounded(82 + 2 * noise.uniform(), 6)),
    composition: noise.pick(compositions),
  }));
}
