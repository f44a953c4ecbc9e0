import type { Measure } from '../../font.ts';
import { clip, wrap } from '../../text.ts';
import { LINE } from '../../theme.ts';
import { noTicks, type Ticks } from './ticks.ts';

export interface Room {
  /** of the axis, in pixels */
  length: number;
  isVertical: boolean;
  /** how far names may reach away from the axis */
  depth: number;
  size: number;
  measure: Measure;
}

/** More names than this are never measured one by one: they cannot all be printed anyway. */
const SURVEYED = 400;

/** Names of categories: flat if they fit, then on two or three lines, then slanted, then upright and every k-th. */
export function bandTicks(names: readonly string[], { length, isVertical, depth, size, measure }: Room): Ticks {
  const slot = length / names.length;
  const line = size * LINE;
  const make = (angle: Ticks['angle'], every: number, write: (name: string) => readonly string[]): Ticks => {
    const major = names.flatMap((name, at) => (at % every === 0 ? [{ at, label: write(name) }] : []));
    return { ...noTicks, major, angle, left: names.length - major.length };
  };
  const cut = (name: string) => [clip(name, depth, size, measure)];
  if (isVertical) return make(0, Math.max(1, Math.ceil(line / slot)), cut);
  const some = names.slice(0, SURVEYED);
  const room = slot - size * 0.6;
  if (Math.max(0, ...some.map((name) => measure(name, size))) <= room) return make(0, 1, (name) => [name]);
  const wrapped = (name: string) => wrap(name, room, size, 3, measure);
  if (names.length <= SURVEYED && names.every((name) => fitsWrapped(wrapped(name)))) return make(0, 1, wrapped);
  if (slot >= line * 1.5) return make(-45, 1, (name) => [clip(name, depth * 1.2, size, measure)]);
  return make(-90, Math.max(1, Math.ceil((line * 1.05) / slot)), cut);
}

const fitsWrapped = (lines: readonly string[]): boolean => lines.every((line) => !line.endsWith('\u2026'));
