import type { PointsItem } from '@almanac/plots';

/** A picture of light: what each pixel lets through of its ground, and the light it adds. A band of rows of the clip box. */
interface Layer {
  width: number;
  /** the first row of the band, and how many it has */
  top: number;
  height: number;
  through: Float32Array;
}

/** Data to device pixels of the layer, whose corner is the corner of the clip box. */
interface Placing {
  ax: number;
  kx: number;
  ay: number;
  ky: number;
}

/** Rows of a clip box, in device pixels. */
export interface Band {
  top: number;
  height: number;
}

/** Arrays that all bands of a picture share: left to the garbage collector, they would add up to the whole picture. */
export class Scratch {
  readonly #arrays = new Map<string, Float32Array>();

  of(name: string, length: number): Float32Array {
    const known = this.#arrays.get(name);
    if (known !== undefined && known.length >= length) return known.subarray(0, length);
    const made = new Float32Array(length);
    this.#arrays.set(name, made);
    return made;
  }
}

/** A clip box of more pixels than this is stamped in bands: a pixel takes 20 bytes while it is worked on. */
const BAND_PIXELS = 1_000_000;
const WHOLE_PIXELS = 4_000_000;

/** The clip box in bands of at most `most` pixels, from the top. Pixels do not depend on each other, so bands change no byte. */
export function bandsOf({ clip }: Pick<PointsItem, 'clip'>, density: number, most = BAND_PIXELS): Band[] {
  const [width, height] = [Math.round(clip.w * density), Math.round(clip.h * density)];
  const rows = width * height <= Math.max(WHOLE_PIXELS, most) ? Math.max(1, height) : Math.max(1, Math.floor(most / width));
  return Array.from({ length: Math.ceil(Math.max(1, height) / rows) }, (_, i) => ({
    top: i * rows,
    height: Math.min(rows, height - i * rows),
  }));
}

/**
 * Discs by the million, straight into RGBA pixels of the item's clip box. What a pixel lets through is kept as a product in floating
 * point and blended once at the end: blending dot by dot in eight bits stops changing at low opacity.
 */
export function stampPoints(
  pixels: Uint8ClampedArray,
  item: PointsItem,
  density: number,
  band = bandsOf(item, density, Infinity)[0]!,
  scratch = new Scratch(),
): void {
  const { at, clip, radius, colour } = item;
  const width = Math.round(clip.w * density);
  const layer = { width, ...band, through: scratch.of('through', width * band.height).fill(1) };
  const placing = { ax: (at.ax - clip.x) * density, kx: at.kx * density, ay: (at.ay - clip.y) * density, ky: at.ky * density };
  if (typeof radius === 'number' && typeof colour === 'string') {
    stampMasks(layer, item, placing, radius * density);
    blendOne(pixels, layer.through, rgbOf(colour));
  } else {
    blendOwn(pixels, layer.through, stampDiscs(layer, item, placing, density, scratch));
  }
}

const rgbOf = (colour: string): [number, number, number] =>
  [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16)) as [number, number, number];

function blendOne(pixels: Uint8ClampedArray, through: Float32Array, [red, green, blue]: readonly [number, number, number]): void {
  for (let i = 0; i < through.length; i++) {
    const t = through[i]!;
    if (t < 1) blend(pixels, i * 4, t, red * (1 - t), green * (1 - t), blue * (1 - t));
  }
}

function blendOwn(pixels: Uint8ClampedArray, through: Float32Array, light: Float32Array): void {
  for (let i = 0; i < through.length; i++) {
    const t = through[i]!;
    if (t < 1) blend(pixels, i * 4, t, light[i * 3]!, light[i * 3 + 1]!, light[i * 3 + 2]!);
  }
}

/** Over opaque ground a mixture, over empty ground colours that are not premultiplied. */
function blend(pixels: Uint8ClampedArray, at: number, through: number, red: number, green: number, blue: number): void {
  if (pixels[at + 3] === 255) {
    pixels[at] = pixels[at]! * through + red;
    pixels[at + 1] = pixels[at + 1]! * through + green;
    pixels[at + 2] = pixels[at + 2]! * through + blue;
    return;
  }
  const opacity = 1 - through;
  pixels[at] = red / opacity;
  pixels[at + 1] = green / opacity;
  pixels[at + 2] = blue / opacity;
  pixels[at + 3] = opacity * 255;
}

/** A disc's pixels relative to its centre's pixel, and what each lets through. */
interface Mask {
  dx: Int32Array;
  dy: Int32Array;
  offset: Int32Array;
  keep: Float32Array;
}

/** One mask for each of 4 x 4 places of the centre inside its pixel, coverage counted on 8 x 8 samples. */
function masksOf(radius: number, opacity: number, width: number): Mask[] {
  const reach = Math.ceil(radius + 0.5);
  return Array.from({ length: 16 }, (_, k) => {
    const [cx, cy] = [((k & 3) + 0.5) / 4, ((k >> 2) + 0.5) / 4];
    const hit: [number, number, number][] = [];
    for (let y = -reach; y <= reach + 1; y++) {
      for (let x = -reach; x <= reach + 1; x++) {
        const share = coverage(x - cx, y - cy, radius);
        if (share > 0) hit.push([x, y, 1 - opacity * share]);
      }
    }
    return {
      dx: Int32Array.from(hit, ([x]) => x),
      dy: Int32Array.from(hit, ([, y]) => y),
      offset: Int32Array.from(hit, ([x, y]) => y * width + x),
      keep: Float32Array.from(hit, ([, , keep]) => keep),
    };
  });
}

function coverage(left: number, top: number, radius: number): number {
  let inside = 0;
  for (let b = 0; b < 8; b++) {
    for (let a = 0; a < 8; a++) if ((left + (a + 0.5) / 8) ** 2 + (top + (b + 0.5) / 8) ** 2 <= radius * radius) inside++;
  }
  return inside / 64;
}

/** Discs of one radius and colour: the inner loop is one multiplication for each covered pixel. */
function stampMasks({ width, top, height, through }: Layer, { x, y, opacity }: PointsItem, at: Placing, radius: number): void {
  const masks = masksOf(radius, opacity, width);
  const reach = Math.ceil(radius + 0.5) + 1;
  for (let i = 0; i < x.length; i++) {
    const px = at.ax + at.kx * x[i]!;
    const py = at.ay + at.ky * y[i]!;
    if (!(px > -reach && py > top - reach && px < width + reach && py < top + height + reach)) continue;
    const [column, line] = [Math.floor(px), Math.floor(py)];
    const { dx, dy, offset, keep } = masks[(((py - line) * 4) | 0) * 4 + (((px - column) * 4) | 0)]!;
    const row = line - top;
    const home = row * width + column;
    if (column >= reach && row >= reach && column < width - reach && row < height - reach) {
      for (let j = 0; j < offset.length; j++) through[home + offset[j]!]! *= keep[j]!;
      continue;
    }
    for (let j = 0; j < offset.length; j++) {
      const [cx, cy] = [column + dx[j]!, row + dy[j]!];
      if (cx >= 0 && cy >= 0 && cx < width && cy < height) through[cy * width + cx]! *= keep[j]!;
    }
  }
}

/** Discs each of its own radius or colour, later ones over earlier ones; returns the light of each pixel (red, green, blue). */
function stampDiscs(
  { width, top, height, through }: Layer,
  item: PointsItem,
  at: Placing,
  density: number,
  scratch: Scratch,
): Float32Array {
  const { x, y, radius, colour, opacity } = item;
  const light = scratch.of('light', width * height * 3).fill(0);
  const one = typeof colour === 'string' ? rgbOf(colour) : undefined;
  const colours = typeof colour === 'string' ? [] : colour.colours.map(rgbOf);
  for (let i = 0; i < x.length; i++) {
    const px = at.ax + at.kx * x[i]!;
    const py = at.ay + at.ky * y[i]!;
    const r = (typeof radius === 'number' ? radius : radius[i]!) * density;
    if (!(px > -r && py > top - r && px < width + r && py < top + height + r)) continue;
    const [red, green, blue] = one ?? colours[(colour as { codes: Uint16Array }).codes[i]!]!;
    const [inner, outer] = [Math.max(0, r - 0.5) ** 2, (r + 0.5) ** 2];
    const [left, right] = [Math.max(0, Math.floor(px - r - 0.5)), Math.min(width - 1, Math.floor(px + r + 0.5))];
    const [first, last] = [Math.max(top, Math.floor(py - r - 0.5)), Math.min(top + height - 1, Math.floor(py + r + 0.5))];
    for (let row = first; row <= last; row++) {
      for (let column = left; column <= right; column++) {
        const distance = (column + 0.5 - px) ** 2 + (row + 0.5 - py) ** 2;
        if (distance >= outer) continue;
        const share = opacity * (distance <= inner ? 1 : Math.min(1, r + 0.5 - Math.sqrt(distance)));
        const pixel = (row - top) * width + column;
        const keep = 1 - share;
        through[pixel]! *= keep;
        light[pixel * 3] = light[pixel * 3]! * keep + red * share;
        light[pixel * 3 + 1] = light[pixel * 3 + 1]! * keep + green * share;
        light[pixel * 3 + 2] = light[pixel * 3 + 2]! * keep + blue * share;
      }
    }
  }
  return light;
}
