import { plotLimits } from '@almanac/domain';
import type { Figure } from '../figure.ts';
import { type Font, fontFiles } from '../font.ts';
import type { Box, Item, Scene, TextItem } from '../scene.ts';
import { shortened, wrap } from '../text.ts';
import { LINE, lengths, type ThemeName, themeOf, typeScale } from '../theme.ts';
import { colourbarItems } from './colourbar.ts';
import { type Context, say, sizes } from './context.ts';
import { axisTexts, frameItem, gridItem } from './decoration.ts';
import { type Frame, legendGap, type Slot } from './frame.ts';
import { alignedFrames, cellsOf, withSharedX } from './grid.ts';
import { flatLegend, type Legend, legendItems, legendRows, measureLegend } from './legend.ts';
import { clearPlace } from './legend-place.ts';
import { markItem } from './marks.ts';
import { printableFigure } from './printable.ts';

export interface LayoutOptions {
  width: number;
  height: number;
  density?: number;
  theme?: ThemeName;
  /** rows, columns and the number of the cell that is drawn into, counted along the rows from 1; without it the picture is one cell */
  subplot?: readonly number[] | undefined;
}

/** Places everything: sizes of text decide the boxes, boxes decide the ticks; then marks fill the boxes and legends find their place. */
export function layoutFigure(given: Figure, { width, height, density = 1, theme = 'paper', subplot }: LayoutOptions, font: Font): Scene {
  const figure = withSharedX(printableFigure(given, font));
  const context: Context = { unit: typeScale(width, height), measure: font.measure, theme: themeOf[theme], density };
  const notes = [...figure.notes];
  const page = { x: 0, y: 0, w: width, h: height };
  const cell = subplot === undefined ? page : cellOf(page, subplot);
  const heading = headingOf(figure, cell, context);
  const slots = cellsOf(figure, heading.area, context, notes);
  const panels = placePanels(slots, context);
  const items: Item[] = [
    { item: 'rect', box: page, fill: context.theme.background },
    ...panels.flatMap((panel) => panelItems(panel, context)),
    ...titleTexts(heading, slots, panels, cell, context),
    ...heading.footer.map((text, i) =>
      say(context, {
        text,
        x: heading.area.x,
        y: heading.footerTop + sizes(context).footer * (0.85 + i * LINE),
        role: 'footer',
        colour: context.theme.frame,
      }),
    ),
  ];
  for (const panel of panels) notes.push(...panel.notes);
  const fonts = fontFiles.map(({ family }) => family);
  const { titleCharacters, descriptionCharacters, noteCharacters, notes: mostNotes } = plotLimits;
  return {
    width,
    height,
    density,
    title: shortened(given.title, titleCharacters.value),
    description: shortened(given.description, descriptionCharacters.value),
    fonts,
    items,
    notes: [...new Set(notes)].slice(0, mostNotes.value).map((note) => shortened(note, noteCharacters.value)),
  };
}

/** One cell of a grid over the page. */
function cellOf(page: Box, [rows = 1, columns = 1, number = 1]: readonly number[]): Box {
  const [w, h] = [page.w / columns, page.h / rows];
  return { x: page.x + ((number - 1) % columns) * w, y: page.y + Math.floor((number - 1) / columns) * h, w, h };
}

interface Heading {
  title: string[];
  footer: string[];
  footerTop: number;
  /** what is left for panels */
  area: Box;
}

function headingOf(figure: Figure, page: Box, context: Context): Heading {
  const { unit, measure } = context;
  const size = sizes(context);
  const edge = lengths.gap.edge * unit;
  const inner = page.w - 2 * edge;
  const title = wrap(figure.title, inner, size.title, page.h < 280 ? 2 : 3, measure).filter(Boolean);
  const footer = wrap(page.h < 200 ? '' : (figure.footer ?? ''), inner, size.footer, 2, measure).filter(Boolean);
  const top = page.y + edge + title.length * size.title * LINE + (title.length > 0 ? lengths.gap.title * unit : 0);
  const footerHeight = footer.length * size.footer * LINE;
  const bottom = page.y + page.h - edge - footerHeight - (footer.length > 0 ? 4 * unit : 0);
  return { title, footer, footerTop: bottom + 4 * unit, area: { x: page.x + edge, y: top, w: inner, h: bottom - top } };
}

/** A panel with its box, its marks and the place of its legend. */
interface PlacedPanel {
  slot: Slot;
  frame: Frame;
  marks: Item[];
  notes: string[];
  legend?: { legend: Legend; x: number; y: number };
}

/** Legends are tried inside; those without room there move outside, and then every box is found anew. */
function placePanels(slots: readonly Slot[], context: Context): PlacedPanel[] {
  const margin = 8 * context.unit;
  const first = alignedFrames(slots, context).map((frame, i) => fill(slots[i]!, frame, context));
  for (const placed of first) {
    const { slot, frame, marks } = placed;
    const rows = legendRows(slot.panel);
    if (rows.length === 0) continue;
    const legend = measureLegend(rows, 1, slot.cell.w * 0.6, context);
    const at = clearPlace(frame.box, legend, marks, margin);
    if (at === undefined) slot.outside = outsideLegend(rows, slot, frame, context);
    else placed.legend = { legend, ...at };
  }
  if (!slots.some((slot) => slot.outside !== undefined)) return first;
  // Boxes have changed, so legends inside are placed again; one that no longer fits goes to the place where it covers the least data.
  return alignedFrames(slots, context).map((frame, i) => {
    const placed = fill(slots[i]!, frame, context);
    const { outside } = slots[i]!;
    if (outside !== undefined) placed.legend = { legend: outside.legend, ...outsidePlace(outside, frame, context) };
    const inside = first[i]!.legend;
    if (inside !== undefined) {
      const corner = { x: frame.box.x + frame.box.w - inside.legend.w - margin, y: frame.box.y + margin };
      placed.legend = { legend: inside.legend, ...(clearPlace(frame.box, inside.legend, placed.marks, margin) ?? corner) };
    }
    return placed;
  });
}

function fill(slot: Slot, frame: Frame, context: Context): PlacedPanel {
  const notes: string[] = [];
  const place = { panel: slot.panel, box: frame.box, ...context };
  const marks = slot.panel.marks.map((mark) => markItem(mark, place, notes));
  for (const { left, major } of [frame.x, frame.y]) {
    if (left > 0) notes.push(`${left} of ${left + major.length} category names have no room and are not printed.`);
  }
  return { slot, frame, marks, notes };
}

/** Beside the box if the legend is narrow and no taller, else below in as many columns as fit. */
function outsideLegend(rows: ReturnType<typeof legendRows>, { cell }: Slot, { box }: Frame, context: Context): Slot['outside'] & object {
  const beside = measureLegend(rows, 1, cell.w * 0.4, context);
  if (beside.w <= cell.w * 0.3 && beside.h <= box.h) return { legend: beside, side: 'right' };
  return { legend: flatLegend(rows, cell.w, cell.h * 0.32, context), side: 'bottom' };
}

function outsidePlace({ legend, side }: Slot['outside'] & object, { box, insets }: Frame, context: Context): { x: number; y: number } {
  if (side === 'right') return { x: box.x + box.w + insets.right - legend.w, y: box.y };
  const left = box.x - insets.left;
  const right = box.x + box.w + insets.right;
  const x = Math.max(left, Math.min(right - legend.w, box.x + (box.w - legend.w) / 2));
  return { x, y: box.y + box.h + insets.bottom - legend.h - (legendGap.bottom * context.unit) / 4 };
}

function panelItems({ slot, frame, marks, legend }: PlacedPanel, context: Context): Item[] {
  const { colourbar } = slot.panel;
  return [
    gridItem(slot, frame, context),
    ...marks,
    frameItem(slot, frame, context),
    ...axisTexts(slot, frame, context),
    ...(colourbar === undefined ? [] : colourbarItems(colourbar, frame, context)),
    ...(legend === undefined ? [] : legendItems(legend.legend, legend.x, legend.y, context)),
  ];
}

/** The title stands over the boxes, not over the page: a map's box may be narrow and low. */
function titleTexts({ title }: Heading, slots: readonly Slot[], panels: readonly PlacedPanel[], page: Box, context: Context): TextItem[] {
  const size = sizes(context).title;
  const edge = lengths.gap.edge * context.unit;
  const boxes = panels.map(({ frame }) => frame.box);
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.w));
  const down = Math.max(0, Math.min(...panels.map(({ frame }, i) => frame.box.y - frame.insets.top - slots[i]!.cell.y)));
  return title.map((text, i) => {
    const half = context.measure(text, size) / 2;
    const x = Math.min(page.x + page.w - edge - half, Math.max(page.x + edge + half, (left + right) / 2));
    return say(context, {
      text,
      x,
      y: page.y + edge + down + size * (0.85 + i * LINE),
      role: 'title',
      align: 'middle',
      colour: context.theme.ink,
    });
  });
}
