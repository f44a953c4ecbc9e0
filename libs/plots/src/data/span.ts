import type { Domain } from '../figure.ts';

/** One binary digit beside 1: the distance between neighbouring doubles, as a share of their size. */
const ULP = 2 ** -52;
/** A power of two, so that multiplying by it is exact for every double that is not tiny. */
const QUARTER = 0.25;
/** Brings the least doubles (5e-324) up to sizes that can be divided. */
const LIFT = 2 ** 600;
/** Limits below this are lifted before they are subtracted. */
const TINY = 1e-280;

/** The nearest number with a place on an axis: Infinity becomes the greatest double. */
export const finite = (value: number): number => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));

/** The largest absolute value of two limits. */
export const sizeOf = ([least, greatest]: Domain): number => Math.max(Math.abs(least), Math.abs(greatest));

/**
 * The factor that brings limits to sizes whose difference is a finite number with all its digits: from -1e308 to 1e308 the plain difference
 * is Infinity. 1 for ordinary limits, whose arithmetic stays as it is.
 */
export function factorFor(limits: Domain): number {
  const width = limits[1] - limits[0];
  if (width > 1e300 || !Number.isFinite(width)) return QUARTER;
  return width < TINY && sizeOf(limits) < TINY ? LIFT : 1;
}

/** Where a value lies between two limits: 0 at the least, 1 at the greatest. 0 everywhere if the limits are equal. */
export function shareOf(limits: Domain): (value: number) => number {
  const factor = factorFor(limits);
  const [from, to] = [limits[0] * factor, limits[1] * factor];
  if (!(to - from > 0)) return () => 0;
  return factor === 1 ? (value) => (value - from) / (to - from) : (value) => (value * factor - from) / (to - from);
}

/** The value at a share of the way between two limits; never Infinity. */
export function valueAt(limits: Domain, share: number): number {
  const factor = factorFor(limits);
  const [from, to] = [limits[0] * factor, limits[1] * factor];
  return finite((from + (to - from) * share) / factor);
}

/**
 * Finite limits that are so far apart that `parts` equal parts of them are different numbers. Limits that are wide enough stay as they are;
 * narrower ones grow on both sides, so that a constant gets room around its value.
 */
export function divisible([least, greatest]: Domain, parts: number): [number, number] {
  const [from, to] = [finite(least), finite(greatest)];
  const room = Math.max(sizeOf([from, to]) * ULP, Number.MIN_VALUE) * parts * 4;
  if (to - from >= room) return [from, to];
  return [finite(from - Math.max(0.5, room)), finite(to + Math.max(0.5, room))];
}
