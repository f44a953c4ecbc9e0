import type { Box, GradientItem, Item, PathItem, PointsItem, RectsItem, Scene, SegmentsItem, TextItem } from './scene.ts';

/** A layer of more points than this is an embedded picture. */
export const VECTOR_POINTS = 20_000;

/** Draws a layer of points as a picture of its clip box: a data URL. */
export type PointsPicture = (points: PointsItem) => string;

/** The points for which paintSvg needs a picture. */
export const needsPicture = (points: PointsItem): boolean => points.x.length > VECTOR_POINTS;

/**
 * Paints a scene as SVG: real text, a <title> and a <desc>, and where given what it was made from as <metadata>.
 * The same scene gives the same bytes.
 */
export function paintSvg(scene: Scene, picture: PointsPicture, provenance = ''): string {
  const defs = new Definitions();
  const body = scene.items.map((item) => paint(item, defs, picture)).join('\n');
  const families = [...scene.fonts.map((font) => `'${font}'`), 'sans-serif'].join(', ');
  const head = [
    'xmlns="http://www.w3.org/2000/svg"',
    `width="${scene.width}" height="${scene.height}" viewBox="0 0 ${scene.width} ${scene.height}"`,
    'role="img" aria-labelledby="title desc"',
    `font-family="${families}" style="font-kerning:none;font-feature-settings:'calt' 0,'liga' 0"`,
  ].join(' ');
  const words = `<title id="title">${escaped(scene.title || scene.description)}</title>\n<desc id="desc">${escaped(scene.description)}</desc>`;
  const metadata = provenance === '' ? '' : `<metadata>${escaped(provenance)}</metadata>\n`;
  return `<svg ${head}>\n${words}\n${metadata}<defs>${defs.text()}</defs>\n${body}\n</svg>\n`;
}

/** Clip paths and gradients, each written once. */
class Definitions {
  readonly #ids = new Map<string, string>();

  text(): string {
    return [...this.#ids].map(([body, id]) => body.replace('ID', id)).join('');
  }

  clip(box: Box | undefined): string {
    if (box === undefined) return '';
    return ` clip-path="url(#${this.#id(`<clipPath id="ID"><rect ${place(box)}/></clipPath>`)})"`;
  }

  gradient(colours: readonly string[]): string {
    const every = Math.max(1, Math.floor((colours.length - 1) / 32));
    const stops = colours.flatMap((colour, i) => {
      if (i % every !== 0 && i !== colours.length - 1) return [];
      return [`<stop offset="${number(i / (colours.length - 1))}" stop-color="${colour}"/>`];
    });
    return this.#id(`<linearGradient id="ID" x1="0" y1="1" x2="0" y2="0">${stops.join('')}</linearGradient>`);
  }

  #id(body: string): string {
    const known = this.#ids.get(body);
    if (known !== undefined) return known;
    const id = `d${this.#ids.size}`;
    this.#ids.set(body, id);
    return id;
  }
}

function paint(item: Item, defs: Definitions, picture: PointsPicture): string {
  switch (item.item) {
    case 'rect':
      return `<rect ${place(item.box)} fill="${item.fill ?? 'none'}"${item.stroke === undefined ? '' : ` stroke="${item.stroke}" stroke-width="${number(item.width ?? 1)}"`}/>`;
    case 'rects':
      return bars(item, defs);
    case 'segments':
      return segments(item);
    case 'path':
      return path(item, defs);
    case 'gradient':
      return gradient(item, defs);
    case 'text':
      return text(item);
    case 'points':
      return needsPicture(item)
        ? `<image ${place(item.clip)} preserveAspectRatio="none" href="${picture(item)}"/>`
        : `<g fill-opacity="${item.opacity}" stroke-opacity="${item.opacity}"${defs.clip(item.clip)}>${dots(item)}</g>`;
  }
}

const number = (value: number): string => String(Math.round(value * 100) / 100);
const place = ({ x, y, w, h }: Box): string => `x="${number(x)}" y="${number(y)}" width="${number(w)}" height="${number(h)}"`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Characters that XML 1.0 has no place for are dropped. */
const escaped = (text: string): string =>
  text.toWellFormed().replace(/[&<>"]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, (character) => entities[character] ?? '');

function bars({ xywh, fill, clip }: RectsItem, defs: Definitions): string {
  let d = '';
  for (let i = 0; i < xywh.length; i += 4) {
    const [x, y, w, h] = [xywh[i]!, xywh[i + 1]!, xywh[i + 2]!, xywh[i + 3]!];
    if (h > 0 && w > 0) d += `M${number(x)} ${number(y)}h${number(w)}v${number(h)}h${number(-w)}z`;
  }
  return `<path fill="${fill}" shape-rendering="crispEdges"${defs.clip(clip)} d="${d}"/>`;
}

function segments({ xy, stroke, width }: SegmentsItem): string {
  let d = '';
  for (let i = 0; i < xy.length; i += 4) d += `M${number(xy[i]!)} ${number(xy[i + 1]!)}L${number(xy[i + 2]!)} ${number(xy[i + 3]!)}`;
  return `<path fill="none" stroke="${stroke}" stroke-width="${number(width)}" stroke-linecap="square" shape-rendering="crispEdges" d="${d}"/>`;
}

function path({ xy, stroke, width, dash, clip }: PathItem, defs: Definitions): string {
  const ends = dash.length === 0 ? ' stroke-linecap="round"' : ` stroke-dasharray="${dash.map(number).join()}"`;
  return `<path fill="none" stroke="${stroke}" stroke-width="${number(width)}" stroke-linejoin="round"${ends}${defs.clip(clip)} d="${pathData(xy)}"/>`;
}

function pathData(xy: Float64Array): string {
  let d = '';
  let isDown = false;
  for (let i = 0; i < xy.length; i += 2) {
    const isPoint = Number.isFinite(xy[i]!) && Number.isFinite(xy[i + 1]!);
    if (isPoint) d += `${isDown ? 'L' : 'M'}${number(xy[i]!)} ${number(xy[i + 1]!)}`;
    isDown = isPoint;
  }
  return d;
}

const gradient = ({ box, colours }: GradientItem, defs: Definitions): string =>
  `<rect ${place(box)} fill="url(#${defs.gradient(colours)})"/>`;

function dots({ x, y, at, radius, colour, shape }: PointsItem): string {
  let out = '';
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [at.ax + at.kx * x[i]!, at.ay + at.ky * y[i]!];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const fill = typeof colour === 'string' ? colour : colour.colours[colour.codes[i]!]!;
    out += dot(shape, px, py, typeof radius === 'number' ? radius : radius[i]!, fill);
  }
  return out;
}

function dot(shape: PointsItem['shape'], x: number, y: number, r: number, fill: string): string {
  switch (shape) {
    case 'circle':
      return `<circle cx="${number(x)}" cy="${number(y)}" r="${number(r)}" fill="${fill}"/>`;
    case 'square':
      return `<rect x="${number(x - r * 0.9)}" y="${number(y - r * 0.9)}" width="${number(r * 1.8)}" height="${number(r * 1.8)}" fill="${fill}"/>`;
    case 'triangle':
      return `<path d="M${number(x)} ${number(y - r * 1.2)}l${number(r * 1.1)} ${number(r * 2)}h${number(-r * 2.2)}z" fill="${fill}"/>`;
    case 'cross':
      return `<path d="M${number(x - r)} ${number(y - r)}l${number(2 * r)} ${number(2 * r)}m0 ${number(-2 * r)}l${number(-2 * r)} ${number(2 * r)}" stroke="${fill}" stroke-width="1.4"/>`;
  }
}

function text({ text: words, x, y, size, length, colour, align, angle }: TextItem): string {
  const anchor = align === 'start' ? '' : ` text-anchor="${align}"`;
  const turn = angle === 0 ? '' : ` transform="rotate(${angle} ${number(x)} ${number(y)})"`;
  // A viewer without the font keeps to the measured length, so texts cannot run into each other.
  const measured = words.length > 1 ? ` textLength="${number(length)}" lengthAdjust="spacingAndGlyphs"` : '';
  return `<text x="${number(x)}" y="${number(y)}" font-size="${number(size)}" fill="${colour}"${anchor}${measured}${turn}>${escaped(words)}</text>`;
}
