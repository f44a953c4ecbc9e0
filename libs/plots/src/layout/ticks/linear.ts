import { writeTicks } from '../../data/numbers.ts';
import { roundValues } from '../../data/round-values.ts';
import type { Axis, Domain } from '../../figure.ts';
import { noTicks, type Ticks } from './ticks.ts';

/** About `want` round values with their labels. */
export function linearTicks([least, greatest]: Domain, want: number, format?: Axis['format']): Ticks {
  if (format === 'degreesEast' || format === 'degreesNorth') return degreeTicks([least, greatest], want, format);
  const all = roundValues([least, greatest], want);
  return labelled(format === 'whole' ? all.filter(Number.isInteger) : all, greatest - least);
}

/** Ticks at the values, written as their distance asks for. */
export function labelled(values: readonly number[], range: number): Ticks {
  const { labels, suffix } = writeTicks(values, values.length > 1 ? values[1]! - values[0]! : range);
  return { ...noTicks, major: values.map((at, i) => ({ at, label: [labels[i]!] })), suffix };
}

const steps = [1, 2, 5, 10, 15, 30, 45, 60, 90, 180];

/** Degrees of longitude or latitude: 45°W; a region of less than two degrees gets plain numbers. */
function degreeTicks([least, greatest]: Domain, want: number, format: 'degreesEast' | 'degreesNorth'): Ticks {
  const step = steps.find((degrees) => (greatest - least) / degrees <= want);
  if (step === undefined || greatest - least < 2) return linearTicks([least, greatest], want);
  const [plus, minus] = format === 'degreesEast' ? ['E', 'W'] : ['N', 'S'];
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(greatest / step + 1e-9);
  const major = Array.from({ length: last - first + 1 }, (_, i) => {
    const at = (first + i) * step;
    const side = at === 0 || Math.abs(at) === 180 ? '' : at > 0 ? plus : minus;
    return { at, label: [`${Math.abs(at)}\u00b0${side}`] };
  });
  return { ...noTicks, major };
}
