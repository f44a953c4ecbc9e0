import { Noise } from './noise.ts';
import { rounded, type Sample } from './sample.ts';

const HOURS = 370;
const START = Date.UTC(2026, 0, 5);
/** Hours at which a storm begins, and by how many NTU it raises the water's turbidity. */
const storms = [
  [61, 3.4],
  [188, 5.1],
  [291, 1.9],
  [357, 0.9],
] as const;
const analysts = [
  ['A. Tester', 2],
  ['B. Sampler', 1],
] as const;

/** A water lab's hourly readings as the course has them: turbidity is detector current times calibration constant, raised by storms that decay. */
export const turbidity: Sample = {
  id: 'turbidity',
  title: 'Water quality, hourly (simulated)',
  key: 'datetime',
  file: 'turbidity.json',
  mediaType: 'application/json',
  text: () => `${JSON.stringify({ turbidity_data: rows() }, null, 1)}\n`,
  plot: () => ({ type: 'line', x: 'datetime', y: 'turbidity', title: 'Turbidity (simulated)' }),
};

function rows(): Record<string, unknown>[] {
  const noise = new Noise(332);
  return Array.from({ length: HOURS }, (_, hour) => {
    const storm = storms.reduce((sum, [at, rise]) => sum + (hour < at ? 0 : rise * Math.exp(-(hour - at) / 14)), 0);
    const daily = 0.12 * Math.sin((2 * Math.PI * (hour % 24)) / 24);
    const constant = 1 + 0.02 * noise.normal();
    const current = Math.max(0.05, 0.55 + daily + storm + 0.05 * noise.normal()) / constant;
    return {
      datetime: new Date(START + hour * 3_600_000).toISOString().slice(0, 16).replace('T', ' '),
      sample_volume: Number(rounded(1.15 + 0.03 * noise.uniform(), 3)),
      calibration_constant: Number(rounded(constant, 4)),
      detector_current: Number(rounded(current, 4)),
      analyzed_by: noise.pick(analysts),
    };
  });
}
