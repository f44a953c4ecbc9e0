import type { Figure, Panel } from '../figure.ts';
import type { Box } from '../scene.ts';
import { lengths } from '../theme.ts';
import type { Context } from './context.ts';
import { type Frame, frameOf, type Side, type Slot } from './frame.ts';

/** The least room a panel can show anything in, times the unit. */
const LEAST = { w: 150, h: 64 };

/** One cell for each panel: one column, more if rows would be too low. Panels without room are left out, with a note. */
export function cellsOf(figure: Figure, area: Box, { unit }: Context, notes: string[]): Slot[] {
  const gap = lengths.gap.panel * unit;
  const fit = (room: number, least: number) => Math.max(1, Math.floor((room + gap) / (least * unit + gap)));
  const [mostRows, mostColumns] = [fit(area.h, LEAST.h), fit(area.w, LEAST.w)];
  const shown = figure.panels.slice(0, mostRows * mostColumns);
  if (shown.length < figure.panels.length) {
    notes.push(
      `${figure.panels.length - shown.length} of ${figure.panels.length} panels have no room and are not drawn; ask for a larger picture.`,
    );
  }
  const columns = Math.ceil(shown.length / mostRows);
  const rows = Math.ceil(shown.length / columns);
  const w = (area.w - gap * (columns - 1)) / columns;
  const h = (area.h - gap * (rows - 1)) / rows;
  return shown.map((panel, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const cell = { x: area.x + column * (w + gap), y: area.y + row * (h + gap), w, h };
    return { panel, row, column, cell, hidesX: figure.shareX === true && i + columns < shown.length };
  });
}

/** With a common x axis all panels get the union of its limits. */
export function withSharedX(figure: Figure): Figure {
  if (figure.shareX !== true) return figure;
  const domains = figure.panels.flatMap(({ x }) => (x.scale.kind === 'band' ? [] : [x.scale.domain]));
  const domain = [Math.min(...domains.map(([least]) => least)), Math.max(...domains.map(([, greatest]) => greatest))] as const;
  const widened = (panel: Panel): Panel =>
    panel.x.scale.kind === 'band' ? panel : { ...panel, x: { ...panel.x, scale: { ...panel.x.scale, domain } } };
  return { ...figure, panels: figure.panels.map(widened) };
}

/** Frames whose boxes are equal in size and stand in rows and columns: cells give way to each other for that. */
export function alignedFrames(slots: readonly Slot[], context: Context): Frame[] {
  const frames = slots.map((slot) => frameOf(slot, context));
  if (slots.length === 1) return frames;
  const most = (side: Side, of: 'row' | 'column', k: number) =>
    Math.max(...frames.filter((_, i) => slots[i]![of] === k).map((frame) => frame.insets[side]));
  spread(slots, 'row', 'y', 'h', (k) => most('top', 'row', k) + most('bottom', 'row', k), context);
  spread(slots, 'column', 'x', 'w', (k) => most('left', 'column', k) + most('right', 'column', k), context);
  return slots.map((slot) =>
    frameOf(slot, context, {
      left: most('left', 'column', slot.column),
      right: most('right', 'column', slot.column),
      top: most('top', 'row', slot.row),
      bottom: most('bottom', 'row', slot.row),
    }),
  );
}

/** Gives each row (column) the room its labels take and an equal share of what is left. */
function spread(
  slots: readonly Slot[],
  of: 'row' | 'column',
  at: 'x' | 'y',
  extent: 'w' | 'h',
  around: (k: number) => number,
  { unit }: Context,
): void {
  const count = Math.max(...slots.map((slot) => slot[of])) + 1;
  const lines = Array.from({ length: count }, (_, k) => slots.find((slot) => slot[of] === k)!);
  const taken = lines.map((_, k) => around(k));
  const total = lines.reduce((sum, slot) => sum + slot.cell[extent], 0);
  const share = Math.max(20, (total - taken.reduce((a, b) => a + b, 0)) / count);
  let from = lines[0]!.cell[at];
  for (let k = 0; k < count; k++) {
    for (const slot of slots) if (slot[of] === k) slot.cell = { ...slot.cell, [at]: from, [extent]: share + taken[k]! };
    from += share + taken[k]! + lengths.gap.panel * unit;
  }
}
