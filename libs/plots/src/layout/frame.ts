import type { Axis, Colourbar, Panel } from '../figure.ts';
import type { Box } from '../scene.ts';
import { wrap } from '../text.ts';
import { LINE, lengths } from '../theme.ts';
import { axisTicks, position } from './axis.ts';
import { type Context, sizes, tickToText } from './context.ts';
import type { Legend } from './legend.ts';
import { noTicks, type Ticks } from './ticks/ticks.ts';

export type Side = 'left' | 'right' | 'top' | 'bottom';
export type Insets = Record<Side, number>;
const sides = ['left', 'right', 'top', 'bottom'] as const satisfies Side[];

/** A panel and the part of the picture it has to itself, labels included. */
export interface Slot {
  panel: Panel;
  cell: Box;
  row: number;
  column: number;
  /** a panel below it writes the labels of x */
  hidesX: boolean;
  /** a legend for which there is no room inside */
  outside?: { legend: Legend; side: 'right' | 'bottom' };
}

/** A panel's box with everything that stands around it. */
export interface Frame {
  box: Box;
  insets: Insets;
  x: Ticks;
  y: Ticks;
  bar: Ticks;
  xLabel: string[];
  yLabel: string[];
  barLabel: string[];
  /** widest label of y, deepest of x, widest of the colour bar */
  yWidth: number;
  xDepth: number;
  barWidth: number;
}

export const legendGap = { right: 12, bottom: 8 } as const;

/** Labels decide the insets, insets the box, the box how many labels fit: up to four rounds settle it. `least` keeps neighbours aligned. */
export function frameOf(slot: Slot, context: Context, least: Partial<Insets> = {}): Frame {
  const { unit } = context;
  let box = inside(slot.cell, { left: 60 * unit, right: 20 * unit, top: 4 * unit, bottom: 50 * unit });
  let frame = surround(slot, box, context);
  for (let round = 0; round < 4; round++) {
    const before = frame.insets;
    frame = surround(slot, box, context);
    // From the third round on insets only grow, so that two states cannot take turns for ever.
    for (const side of sides) frame.insets[side] = Math.max(frame.insets[side], least[side] ?? 0, round > 1 ? before[side] : 0);
    const next = shaped(slot.panel, inside(slot.cell, frame.insets));
    const isSettled = next.x === box.x && next.y === box.y && next.w === box.w && next.h === box.h;
    box = next;
    if (isSettled) break;
  }
  return { ...frame, box };
}

function inside(cell: Box, insets: Insets): Box {
  const [x, y] = [Math.round(cell.x + insets.left), Math.round(cell.y + insets.top)];
  return {
    x,
    y,
    w: Math.max(20, Math.round(cell.x + cell.w - insets.right) - x),
    h: Math.max(20, Math.round(cell.y + cell.h - insets.bottom) - y),
  };
}

/** Equal aspect: one unit of x is as long as one of y, so the box shrinks about its middle. */
function shaped({ x, y, equalAspect }: Panel, box: Box): Box {
  if (equalAspect !== true || x.scale.kind === 'band' || y.scale.kind === 'band') return box;
  const [[x0, x1], [y0, y1]] = [x.scale.domain, y.scale.domain];
  // Halved, so that the difference of two large limits is a number.
  const ratio = Math.min(20, Math.max(0.05, (x1 / 2 - x0 / 2) / (y1 / 2 - y0 / 2) || 1));
  const w = Math.round(Math.min(box.w, box.h * ratio));
  const h = Math.round(w / ratio);
  return { x: Math.round(box.x + (box.w - w) / 2), y: Math.round(box.y + (box.h - h) / 2), w, h };
}

/** Everything around a box of this size: ticks, label lines and the room they take. */
function surround(slot: Slot, box: Box, context: Context): Frame {
  const { panel, cell, hidesX } = slot;
  const { measure } = context;
  const { tick, label } = sizes(context);
  const x = axisTicks(panel.x, { length: box.w, isVertical: false, depth: cell.h * 0.34, size: tick, measure });
  const y = axisTicks(panel.y, { length: box.h, isVertical: true, depth: cell.w * 0.34, size: tick, measure });
  const barAxis = panel.colourbar && colourbarAxis(panel.colourbar);
  const bar =
    barAxis === undefined ? noTicks : axisTicks(barAxis, { length: box.h, isVertical: true, depth: cell.w * 0.2, size: tick, measure });
  const frame = {
    box,
    x,
    y,
    bar,
    xLabel: hidesX ? [] : wrap(labelOf(panel.x, x), box.w, label, 2, measure).filter(Boolean),
    yLabel: wrap(labelOf(panel.y, y), box.h, label, 2, measure).filter(Boolean),
    barLabel: barAxis === undefined ? [] : wrap(labelOf(barAxis, bar), box.h, label, 2, measure).filter(Boolean),
    yWidth: widest(y, tick, context),
    xDepth: hidesX ? 0 : depthOf(x, tick, context),
    barWidth: widest(bar, tick, context),
  };
  return { ...frame, insets: insetsOf(slot, frame, context) };
}

export const colourbarAxis = ({ scale, label, unit }: Colourbar): Axis => ({ scale, label, unit });

/** "mass (×10⁶ g)" */
function labelOf({ label, unit }: Axis, { suffix }: Ticks): string {
  const brackets = [suffix, unit].filter(Boolean).join(' ');
  return [label, brackets && `(${brackets})`].filter(Boolean).join(' ');
}

const widest = ({ major }: Ticks, size: number, { measure }: Context): number =>
  Math.max(0, ...major.flatMap((tick) => tick.label.map((line) => measure(line, size))));

function depthOf(ticks: Ticks, size: number, context: Context): number {
  if (ticks.angle === -90) return widest(ticks, size, context);
  if (ticks.angle === -45) return (widest(ticks, size, context) + size * 1.1) * Math.SQRT1_2;
  return Math.max(0, ...ticks.major.map((tick) => tick.label.length)) * size * 1.2;
}

function insetsOf({ panel, hidesX, outside }: Slot, frame: Omit<Frame, 'insets'>, context: Context): Insets {
  const { unit } = context;
  const { tick, label } = sizes(context);
  const lines = (of: readonly string[]) => (of.length === 0 ? 0 : lengths.gap.textToLabel * unit + of.length * label * LINE);
  const over = overhang(panel.x, frame.x, frame.box.w, tick, context);
  const bar = (lengths.gap.colourbar + lengths.colourbar + lengths.gap.tickToText * 2) * unit + frame.barWidth + lines(frame.barLabel);
  const insets = {
    left: Math.max(tickToText(context) + frame.yWidth + lines(frame.yLabel), hidesX ? 0 : over.left),
    right: Math.max(2, hidesX ? 0 : over.right, panel.colourbar === undefined ? 0 : bar),
    top: (tick * 1.1) / 2,
    bottom: hidesX ? (tick * 1.1) / 2 : tickToText(context) + frame.xDepth + lines(frame.xLabel),
  };
  if (outside?.side === 'right') insets.right += outside.legend.w + legendGap.right * unit;
  if (outside?.side === 'bottom') insets.bottom += outside.legend.h + legendGap.bottom * unit;
  return insets;
}

/** How far the first and last labels of x reach beyond the box. */
function overhang(
  axis: Axis,
  { major, angle }: Ticks,
  length: number,
  size: number,
  { measure }: Context,
): { left: number; right: number } {
  const at = position(axis, length);
  let [left, right] = [0, 2];
  for (const tick of major) {
    const width = Math.max(...tick.label.map((line) => measure(line, size)));
    const before = angle === -45 ? width * Math.SQRT1_2 + size * 0.4 : angle === -90 ? size / 2 : width / 2;
    const after = angle === 0 ? width / 2 : size * 0.6;
    left = Math.max(left, before - at(tick.at));
    right = Math.max(right, after - (length - at(tick.at)));
  }
  return { left, right };
}
