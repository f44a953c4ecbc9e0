import { rgb } from 'd3-color';
import { interpolateViridis } from 'd3-scale-chromatic';
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
  const from = at(least);
  const factor = at(greatest) > from ? (STEPS - 1) / (at(greatest) - from) : 0;
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const step = (at(values[i]!) - from) * factor;
    codes[i] = Number.isFinite(step) ? Math.min(STEPS - 1, Math.max(0, Math.round(step))) : MISSING;
  }
  return codes;
}

/** Limits with a width: a constant column lies in the middle of its ramp. */
export const wide = ([least, greatest]: Domain): Domain =>
  least < greatest ? [least, greatest] : [least - (Math.abs(least) * 0.05 || 1), least + (Math.abs(least) * 0.05 || 1)];
