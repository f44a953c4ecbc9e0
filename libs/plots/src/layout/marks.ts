import { rampCodes, rampColours } from '../channels/ramp.ts';
import { factorFor, sizeOf } from '../data/span.ts';
import type { Colour, ColourByGroup, ColourByValue, Domain, Mark, Panel, Values } from '../figure.ts';
import type { Affine, Box, Item, PointsItem } from '../scene.ts';
import { lengths, type Theme } from '../theme.ts';
import { limitsOf, position } from './axis.ts';
import { linePath } from './line-path.ts';

/** Where marks are drawn: the box of a panel, and how lengths and colours are meant there. */
export interface Place {
  panel: Panel;
  box: Box;
  density: number;
  unit: number;
  theme: Theme;
}

/** The drawing of one mark. `notes` hears what was reduced. */
export function markItem(mark: Mark, place: Place, notes: string[]): Item {
  const { box, unit, theme } = place;
  if (mark.mark === 'bars') return { item: 'rects', xywh: barRects(mark, place), fill: colourOf(mark.colour, theme), clip: box };
  const placed = project(place, mark.x, mark.y);
  if (mark.mark === 'line') {
    const { xy, note } = linePath(placed, box, place.density);
    if (note !== undefined) notes.push(note);
    const dash = (mark.dash ?? []).map((length) => length * unit);
    return { item: 'path', xy, stroke: colourOf(mark.colour, theme), width: lengths.line * unit, dash, clip: box };
  }
  const radius = typeof mark.radius === 'number' ? mark.radius * unit : mark.radius.map((r) => r * unit);
  const { opacity, shape = 'circle' } = mark;
  return { item: 'points', ...placed, radius, colour: coloursOf(mark.colour, theme), opacity, shape, clip: box };
}

export const colourOf = (colour: Colour, { series }: Theme): string =>
  typeof colour === 'string' ? colour : series[colour % series.length]!;

function coloursOf(colour: Colour | ColourByValue | ColourByGroup, theme: Theme): PointsItem['colour'] {
  if (typeof colour !== 'object') return colourOf(colour, theme);
  if ('values' in colour) return { codes: rampCodes(colour), colours: rampColours(theme) };
  const colours = [...Array.from({ length: colour.rest }, (_, i) => colourOf(i, theme)), theme.grey];
  return { codes: Uint16Array.from(colour.codes, (code) => (code < 0 ? colour.rest : code)), colours };
}

export interface Placed {
  x: Values;
  y: Values;
  at: Affine;
}

/**
 * Data to pixels: an exact affine form if both axes are linear and wide enough for it, else positions worked out one by one (NaN if there is
 * none).
 */
function project({ panel, box }: Place, x: Values, y: Values): Placed {
  const [[x0, x1], [y0, y1]] = [limitsOf(panel.x), limitsOf(panel.y)];
  if (panel.x.scale.kind !== 'log' && panel.y.scale.kind !== 'log' && isAffine([x0, x1]) && isAffine([y0, y1])) {
    // The slope comes from the limits: times are 1e12 ms, and differences of two positions would lose digits.
    const [kx, ky] = [box.w / (x1 - x0), -box.h / (y1 - y0)];
    return { x, y, at: { kx, ky, ax: box.x - kx * x0, ay: box.y + box.h - ky * y0 } };
  }
  const [px, py] = [position(panel.x, box.w), position(panel.y, box.h)];
  const [xs, ys] = [new Float64Array(x.length), new Float64Array(y.length)];
  for (let i = 0; i < x.length; i++) {
    const [along, up] = [px(x[i]!), py(y[i]!)];
    xs[i] = Number.isFinite(along) ? box.x + along : Number.NaN;
    ys[i] = Number.isFinite(up) ? box.y + box.h - up : Number.NaN;
  }
  return { x: xs, y: ys, at: { ax: 0, kx: 1, ay: 0, ky: 1 } };
}

/** Whether slope and offset keep the digits of a position: not if limits lie close together far from zero, or are very large or small. */
const isAffine = (limits: Domain): boolean => factorFor(limits) === 1 && sizeOf(limits) < (limits[1] - limits[0]) * 1e10;

/** Bars as x y w h. Bars that touch leave a pixel between them if they are wide enough. A value that is not its base is at least one device pixel long, or rare values would vanish. */
function barRects(mark: Extract<Mark, { mark: 'bars' }>, { panel, box, density }: Place): Float64Array {
  const [along, across] = mark.isHorizontal ? [panel.y, panel.x] : [panel.x, panel.y];
  const [alongAt, acrossAt] = [position(along, mark.isHorizontal ? box.h : box.w), position(across, mark.isHorizontal ? box.w : box.h)];
  const floor = limitsOf(across)[0];
  const out = new Float64Array(mark.value.length * 4);
  for (let i = 0; i < mark.value.length; i++) {
    const value = mark.value[i]!;
    const base = Math.max(floor, mark.base[i]!);
    const [from, to] = [alongAt(mark.from[i]!), alongAt(mark.to[i]!)];
    const width = Math.abs(to - from);
    const breadth = width >= 5 && mark.to[i] === mark.from[i + 1] ? width - 1 / density : width;
    const [root, tip] = [acrossAt(base), acrossAt(across.scale.kind === 'log' ? Math.max(floor, value) : value)];
    const isNothing = !Number.isFinite(value) || value === mark.base[i] || (across.scale.kind === 'log' && value <= floor);
    const length = isNothing ? 0 : Math.max(1 / density, Math.abs(tip - root));
    const low = tip < root ? root - length : root;
    out.set(
      mark.isHorizontal
        ? [box.x + low, box.y + box.h - Math.max(from, to), length, breadth]
        : [box.x + Math.min(from, to), box.y + box.h - low - length, breadth, length],
      i * 4,
    );
  }
  return out;
}
