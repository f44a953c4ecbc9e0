import type { Box, Item, PointsItem, RectsItem } from '../scene.ts';

/** Occupancy is looked up in cells of this many pixels. */
const CELL = 6;
/** Of more points than this, every k-th stands for its neighbours. */
const SAMPLED = 20_000;

/** Which cells of a box something is drawn in. */
class Occupied {
  readonly #box: Box;
  readonly #columns: number;
  readonly #rows: number;
  readonly #taken: Uint8Array;

  constructor(box: Box) {
    this.#box = box;
    this.#columns = Math.ceil(box.w / CELL);
    this.#rows = Math.ceil(box.h / CELL);
    this.#taken = new Uint8Array(this.#columns * this.#rows);
  }

  touch(x: number, y: number): void {
    const column = Math.floor((x - this.#box.x) / CELL);
    const row = Math.floor((y - this.#box.y) / CELL);
    if (column >= 0 && row >= 0 && column < this.#columns && row < this.#rows) this.#taken[row * this.#columns + column] = 1;
  }

  isFree(x: number, y: number, w: number, h: number): boolean {
    const [left, right] = [x, x + w].map((v) => Math.floor((v - this.#box.x) / CELL)) as [number, number];
    const [top, bottom] = [y, y + h].map((v) => Math.floor((v - this.#box.y) / CELL)) as [number, number];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) if (this.#taken[row * this.#columns + column] === 1) return false;
    }
    return true;
  }
}

/** The first of eight places inside a box where nothing is drawn, or undefined if the data is everywhere. */
export function clearPlace(
  box: Box,
  legend: { w: number; h: number },
  items: readonly Item[],
  margin: number,
): { x: number; y: number } | undefined {
  if (legend.w > box.w * 0.6 || legend.h > box.h * 0.6) return undefined;
  const occupied = new Occupied(box);
  for (const item of items) occupy(item, occupied);
  const [right, left, centre] = [box.x + box.w - legend.w - margin, box.x + margin, box.x + (box.w - legend.w) / 2];
  const [top, bottom, middle] = [box.y + margin, box.y + box.h - legend.h - margin, box.y + (box.h - legend.h) / 2];
  const places = [
    [right, top],
    [left, top],
    [right, bottom],
    [left, bottom],
    [centre, top],
    [centre, bottom],
    [right, middle],
    [left, middle],
  ] as const;
  const found = places.find(([x, y]) => occupied.isFree(x - margin / 2, y - margin / 2, legend.w + margin, legend.h + margin));
  return found && { x: found[0], y: found[1] };
}

function occupy(item: Item, occupied: Occupied): void {
  if (item.item === 'path') occupyLine(item.xy, occupied);
  else if (item.item === 'points') occupyPoints(item, occupied);
  else if (item.item === 'rects') occupyRects(item, occupied);
}

function occupyLine(xy: Float64Array, occupied: Occupied): void {
  for (let i = 2; i < xy.length; i += 2) {
    const [x0, y0, x1, y1] = [xy[i - 2]!, xy[i - 1]!, xy[i]!, xy[i + 1]!];
    if (!Number.isFinite(x0 + y0 + x1 + y1)) continue;
    const steps = Math.min(2000, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) / (CELL / 2)) || 1);
    for (let s = 0; s <= steps; s++) occupied.touch(x0 + ((x1 - x0) * s) / steps, y0 + ((y1 - y0) * s) / steps);
  }
}

function occupyPoints({ x, y, at, radius }: PointsItem, occupied: Occupied): void {
  const step = Math.max(1, Math.floor(x.length / SAMPLED));
  for (let i = 0; i < x.length; i += step) {
    const [px, py] = [at.ax + at.kx * x[i]!, at.ay + at.ky * y[i]!];
    const r = typeof radius === 'number' ? radius : radius[i]!;
    occupied.touch(px, py);
    occupied.touch(px - r, py - r);
    occupied.touch(px + r, py + r);
  }
}

/** Only the part inside the box counts, so that a bar takes no more steps than the box has cells. */
function occupyRects({ xywh, clip }: RectsItem, occupied: Occupied): void {
  for (let i = 0; i < xywh.length; i += 4) {
    const [x, y] = [Math.max(clip.x, xywh[i]!), Math.max(clip.y, xywh[i + 1]!)];
    const [right, bottom] = [Math.min(clip.x + clip.w, xywh[i]! + xywh[i + 2]!), Math.min(clip.y + clip.h, xywh[i + 1]! + xywh[i + 3]!)];
    for (let a = x; a <= right + CELL; a += CELL) {
      for (let b = y; b <= bottom + CELL; b += CELL) occupied.touch(Math.min(a, right), Math.min(b, bottom));
    }
  }
}
