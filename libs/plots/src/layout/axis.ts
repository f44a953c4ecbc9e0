import { shareOf } from '../data/span.ts';
import type { Axis, Domain } from '../figure.ts';
import type { Measure } from '../font.ts';
import { lengths } from '../theme.ts';
import { bandTicks, type Room } from './ticks/band.ts';
import { linearTicks } from './ticks/linear.ts';
import { logTicks } from './ticks/log.ts';
import { noTicks, type Ticks } from './ticks/ticks.ts';
import { timeTicks } from './ticks/time.ts';

/** The limits of an axis as numbers. A band gets room at both ends, or its first bar would hide behind the frame. */
export function limitsOf({ scale }: Axis): Domain {
  if (scale.kind !== 'band') return scale.domain;
  const count = Math.max(1, scale.categories.length);
  const room = 0.6 + count * 0.008;
  return [-room, count - 1 + room];
}

/** Where a value lies on an axis of the given length, from its low end. */
export function position(axis: Axis, length: number): (value: number) => number {
  const [least, greatest] = limitsOf(axis);
  if (axis.scale.kind !== 'log') {
    const share = shareOf([least, greatest]);
    return (value) => share(value) * length;
  }
  const from = Math.log(least);
  const factor = length / (Math.log(greatest) - from);
  return (value) => (Math.log(value) - from) * factor;
}

/** As many ticks as have room for their labels. */
export function axisTicks(axis: Axis, room: Room): Ticks {
  if (axis.scale.kind === 'band') return axis.scale.categories.length === 0 ? noTicks : bandTicks(axis.scale.categories, room);
  const { length, isVertical, size, measure } = room;
  const perLabel = size * (isVertical ? 3.4 : axis.scale.kind === 'log' ? 3.4 : 4.5);
  const most = Math.max(2, Math.min(axis.scale.kind === 'log' ? 12 : 8, Math.floor(length / perLabel)));
  // Fewer and fewer until they fit; one label alone says little, so then a few more are tried.
  const wanted = [...Array.from({ length: most - 1 }, (_, i) => most - i), most + 1, most + 2, most + 3];
  let single: Ticks | undefined;
  for (const want of wanted) {
    const ticks = numberTicks(axis, want);
    const lines = isVertical ? { ...ticks, major: ticks.major.map((tick) => ({ ...tick, label: [tick.label.join(' ')] })) } : ticks;
    if (!fits(lines, position(axis, length), isVertical, size, measure)) continue;
    if (lines.major.length > 1) return lines;
    single ??= lines;
  }
  return single ?? { ...noTicks, suffix: numberTicks(axis, 1).suffix };
}

function numberTicks({ scale, format }: Axis, want: number): Ticks {
  if (scale.kind === 'band') return noTicks;
  if (scale.kind === 'time') return timeTicks(scale.domain, want);
  return scale.kind === 'log' ? logTicks(scale.domain, want) : linearTicks(scale.domain, want, format);
}

function fits({ major }: Ticks, at: (value: number) => number, isVertical: boolean, size: number, measure: Measure): boolean {
  const gap = isVertical ? 1 : lengths.gap.betweenTicks * (size / lengths.fontSize.tick);
  let end = -Infinity;
  for (const tick of major) {
    const half = (isVertical ? size * 1.3 : Math.max(...tick.label.map((line) => measure(line, size)))) / 2;
    if (at(tick.at) - half < end + gap) return false;
    end = at(tick.at) + half;
  }
  return true;
}
