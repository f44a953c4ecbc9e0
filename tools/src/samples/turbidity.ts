import { Noise } from './noise.ts';
import { rounded, type Sample } from './sample.ts';

const HOURS = 370;
const START = Date.UTC(2026, 0, 5);
/** Hours at which a storm begins, and by how many NTU it raises the water's turbidity. */
const storms = [
  [61, 3.4],
  [188, 5.1],
  [291, 1.9],
] as const;

/** A river station's hourly readings: turbidity is detector current times calibration constant, raised by three storms that decay. */
export const turbidity: Sample = {
  id: 'turbidity',
  title: 'River turbidity, hourly (simulated)',
  key: 'datetime',
  csv: () => ['datetime,detector_current,calibration_constant,turbidity_ntu,sample_volume', ...rows()].join('\n').concat('\n'),
  plot: { type: 'line', x: 'datetime', y: 'turbidity_ntu', title: 'River turbidity (simulated)' },
};

function rows(): string[] {
  const noise = new Noise(332);
  return Array.from({ length: HOURS }, (_, hour) => {
    const storm = storms.reduce((sum, [at, rise]) => sum + (hour < at ? 0 : rise * Math.exp(-(hour - at) / 14)), 0);
    const daily = 0.12 * Math.sin((2 * Math.PI * (hour % 24)) / 24);
    const constant = 1 + 0.02 * noise.normal();
    const current = Math.max(0.05, 0.55 + daily + storm + 0.05 * noise.normal()) / constant;
    const time = new Date(START + hour * 3_600_000).toISOString().replace('.000Z', 'Z');
    const [i, c] = [Number(rounded(current, 4)), Number(rounded(constant, 4))];
    return [time, i, c, rounded(i * c, 4), rounded(1.15 + 0.03 * noise.uniform(), 3)].join(',');
  });
}
