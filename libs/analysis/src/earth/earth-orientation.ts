import { earthOrientationTable } from './earth-orientation-table.ts';
import { modifiedJulianDate, utcJulianDate } from './julian-date.ts';
import { taiMinusUtcSeconds } from './leap-seconds.ts';
import type { EarthOrientationTable } from './orientation-table.ts';

/** The orientation of the Earth at one time, as far as theory does not predict it. */
export interface EarthOrientation {
  ut1MinusUtcSeconds: number;
  /** the rotation pole on the Earth's surface, towards longitude 0 and towards 90 degrees west */
  poleXArcsec: number;
  poleYArcsec: number;
  /** a prediction has part in these values */
  isPredicted: boolean;
  /** the table says nothing about this time, all values are zero: places on Earth may be up to 0.9 s of rotation (400 m) off */
  isOutsideTable: boolean;
}

/** UT1 = UTC and an unmoved pole: the best guess without a table, and how NASA computes its nodes (`ascending-node.ts`). */
export const unknownEarthOrientation: EarthOrientation = {
  ut1MinusUtcSeconds: 0,
  poleXArcsec: 0,
  poleYArcsec: 0,
  isPredicted: false,
  isOutsideTable: true,
};

const msPerDay = 86_400_000;
const mjdOf1970 = 40_587;

/**
 * The Earth's orientation at a time in milliseconds since 1970 UTC, between two rows of a table in proportion; outside the table (and for
 * no time at all, NaN) zeros and `isOutsideTable`. With rows 5 days apart this adds at most 0.54 m (UT1) and 0.06 m (pole) at the ISS.
 */
export function earthOrientationAt(timeMs: number, table: EarthOrientationTable = earthOrientationTable): EarthOrientation {
  const { firstMjd, stepDays, predictedFromMjd, ut1MinusUtcSeconds, poleXArcsec, poleYArcsec } = table;
  const steps = (modifiedJulianDate(utcJulianDate(timeMs)) - firstMjd) / stepDays;
  const last = ut1MinusUtcSeconds.length - 1;
  if (!(steps >= 0 && steps <= last)) return unknownEarthOrientation;
  const row = Math.min(Math.floor(steps), last - 1);
  const part = steps - row;
  const between = (values: readonly number[]) => mix(values[row] as number, values[row + 1] as number, part);
  // UTC jumps at a leap second, the Earth does not: what lies between two rows in proportion is UT1 less the UTC of the first of them.
  const rowSeconds = (at: number) => taiMinusUtcSeconds((firstMjd + at * stepDays - mjdOf1970) * msPerDay);
  const jumpTo = (seconds: number) => seconds - rowSeconds(row);
  return {
    ut1MinusUtcSeconds:
      mix(ut1MinusUtcSeconds[row] as number, (ut1MinusUtcSeconds[row + 1] as number) - jumpTo(rowSeconds(row + 1)), part) +
      jumpTo(taiMinusUtcSeconds(timeMs)),
    poleXArcsec: between(poleXArcsec),
    poleYArcsec: between(poleYArcsec),
    isPredicted: firstMjd + Math.ceil(steps) * stepDays >= predictedFromMjd,
    isOutsideTable: false,
  };
}

const mix = (from: number, to: number, part: number): number => from + (to - from) * part;
