import { power, writeCount } from '../../data/numbers.ts';
import { roundValues } from '../../data/round-values.ts';
import type { Domain } from '../../figure.ts';
import { labelled } from './linear.ts';
import { noTicks, type Ticks } from './ticks.ts';

/** Exponents of the least and the greatest double. */
const [LEAST_EXPONENT, GREATEST_EXPONENT] = [-323, 308];

/**
 * Powers of ten, every k-th if they are many, with 2 and 5 between if they are few; less than a decade gets round values.
 * Powers from 0.01 to 10,000 are written in full, a wider range as 10⁻³.
 */
export function logTicks([least, greatest]: Domain, want: number): Ticks {
  const ratio = greatest / least;
  const decades = ratio < Infinity ? Math.log10(ratio) : Math.log10(greatest) - Math.log10(least);
  // Limits that are no numbers above zero have no powers of ten between them.
  if (!(decades >= 1 && decades < Infinity)) {
    const values = roundValues([least, greatest], want);
    return labelled(
      values.filter((value) => value > 0),
      greatest - least,
    );
  }
  const first = Math.max(LEAST_EXPONENT, Math.ceil(Math.log10(least) - 1e-9));
  const last = Math.min(GREATEST_EXPONENT, Math.floor(Math.log10(greatest) + 1e-9));
  const between = multiples([2, 3, 4, 5, 6, 7, 8, 9], [least, greatest], first, last);
  const halves = decades <= 2.5 ? multiples([1, 2, 5], [least, greatest], first, last) : [];
  const inFull = first >= -2 && last <= 4;
  if (inFull && halves.length > 1 && halves.length <= want) {
    return { ...noTicks, major: halves.map((at) => ({ at, label: [inWhole(at)] })), minor: between.filter((v) => !halves.includes(v)) };
  }
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, want)));
  const exponents = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => first + i * every);
  const major = exponents.map((exponent) => ({ at: 10 ** exponent, label: [inFull ? inWhole(10 ** exponent) : power(exponent)] }));
  return { ...noTicks, major, minor: every === 1 ? between : multiples([1], [least, greatest], first, last) };
}

function multiples(factors: readonly number[], [least, greatest]: Domain, first: number, last: number): number[] {
  const values: number[] = [];
  for (let exponent = first - 1; exponent <= last; exponent++) {
    for (const factor of factors) {
      const value = Number(`${factor}e${exponent}`);
      if (value >= least && value <= greatest) values.push(value);
    }
  }
  return values;
}

const inWhole = (value: number): string => (value >= 10_000 ? writeCount(value) : String(value));
