import { writeCount } from '../data/numbers.ts';
import type { Values } from '../figure.ts';
import type { Affine, Box } from '../scene.ts';

interface Line {
  x: Values;
  y: Values;
  at: Affine;
}

/**
 * A line as pixels, NaN where the pen is lifted. A long line over sorted x is drawn by M4 (Jugel et al., VLDB 2014): the first, least,
 * greatest and last point of each device pixel column, so every peak stays; a line over unsorted x is never reduced.
 */
export function linePath(line: Line, box: Box, density: number): { xy: Float64Array; note?: string } {
  const columns = Math.ceil(box.w * density);
  const count = line.x.length;
  if (count <= columns * 4 || !isSorted(line.x)) return { xy: withLonePoints(wholePath(line)) };
  const xy = withLonePoints(reducedPath(line, box, density));
  return {
    xy,
    note: `A line of ${writeCount(count)} points is drawn as the first, least, greatest and last of each of ${columns} pixel columns (M4).`,
  };
}

function wholePath({ x, y, at }: Line): Float64Array {
  const xy = new Float64Array(x.length * 2);
  for (let i = 0; i < x.length; i++) {
    xy[2 * i] = at.ax + at.kx * x[i]!;
    xy[2 * i + 1] = at.ay + at.ky * y[i]!;
  }
  return xy;
}

/** A gap inside one pixel column is not to be seen and not kept; so a column costs at most five points, gaps or not. */
function reducedPath({ x, y, at }: Line, box: Box, density: number): Float64Array {
  const out: number[] = [];
  const factor = at.kx * density;
  const left = (at.ax - box.x) * density;
  let [column, first, least, greatest, last] = [Number.NaN, -1, 0, 0, 0];
  let isBroken = false;
  const put = (i: number) => out.push(at.ax + at.kx * x[i]!, at.ay + at.ky * y[i]!);
  const flush = () => {
    if (first < 0) return;
    const kept = [first, Math.min(least, greatest), Math.max(least, greatest), last];
    kept.forEach((i, k) => {
      if (k === 0 || i !== kept[k - 1]) put(i);
    });
  };
  for (let i = 0; i < x.length; i++) {
    const value = y[i]!;
    const here = Math.floor(left + factor * x[i]!);
    if (Number.isNaN(value) || Number.isNaN(here)) {
      isBroken = true;
      continue;
    }
    if (here === column) {
      if (value < y[least]!) least = i;
      if (value > y[greatest]!) greatest = i;
      last = i;
    } else {
      flush();
      if (isBroken && out.length > 0) out.push(Number.NaN, Number.NaN);
      column = here;
      first = least = greatest = last = i;
    }
    isBroken = false;
  }
  flush();
  return Float64Array.from(out);
}

/** A point between two gaps has no line to belong to: it becomes a stroke of no length, which round ends show as a dot. */
function withLonePoints(xy: Float64Array): Float64Array {
  const isPoint = (i: number) => i >= 0 && i < xy.length && Number.isFinite(xy[i]!) && Number.isFinite(xy[i + 1]!);
  const lone: number[] = [];
  for (let i = 0; i < xy.length; i += 2) if (isPoint(i) && !isPoint(i - 2) && !isPoint(i + 2)) lone.push(i);
  if (lone.length === 0) return xy;
  const out = new Float64Array(xy.length + lone.length * 2);
  let [from, to] = [0, 0];
  for (const i of lone) {
    out.set(xy.subarray(from, i + 2), to);
    to += i + 2 - from;
    out[to++] = xy[i]! + 0.01;
    out[to++] = xy[i + 1]!;
    from = i + 2;
  }
  out.set(xy.subarray(from), to);
  return out;
}

function isSorted(x: Values): boolean {
  let greatest = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (value < greatest) return false;
    if (value > greatest) greatest = value;
  }
  return true;
}
