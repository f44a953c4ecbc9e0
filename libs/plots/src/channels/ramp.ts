import { rgb } from 'd3-color';
import { interpolateViridis } from 'd3-scale-chromatic';
import { padded } from '../data/columns.ts';
import { factorFor, shareOf } from '../data/span.ts';
import type { ColourByValue, Domain } from '../figure.ts';
import type { Theme } from '../theme.ts';

const STEPS = 256;
/** The code of what has no value: the colour after the ramp. */
const MISSING = STEPS;

/** 256 colours from the least value to the greatest, and one more for what has no value. */
export function rampColours({ ramp: [from, to], grey }: Theme): string[] {
  const steps = Array.from({ length: STEPS }, (_, i) => rgb(interpolateViridis(from + ((to - from) * i) / (STEPS - 1))).formatHex());
  return [...steps, grey];
}

/** Where on the ramp each value lies. */
export function rampCodes({ values, scale }: ColourByValue): Uint16Array {
  const [least, greatest] = scale.domain;
  const at = (v: number) => (scale.kind === 'log' ? Math.log(v) : v);
  const limits = [at(least), at(greatest)] as const;
  const [from] = limits;
  const share = shareOf(limits);
  const factor = limits[1] > from ? (STEPS - 1) / (limits[1] - from) : 0;
  const isPlain = factorFor(limits) === 1;
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const step = isPlain ? (at(values[i]!) - from) * factor : share(values[i]!) * (STEPS - 1);
    codes[i] = Number.isFinite(step) ? Math.min(STEPS - 1, Math.max(0, Math.round(step))) : MISSING;
  }
  return codes;
}

/** Limits with a width: a constant column lies in the middle of its ramp. */
export const wide = (limits: Domain): Domain => (limits[0] < limits[1] ? limits : padded(limits));
