import { plotLimits } from '@almanac/domain';
import type { Box, Item, PathItem, PointsItem, RectItem, RectsItem, Scene, SegmentsItem, TextItem } from '@almanac/plots';
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { writePlainly } from './fonts.ts';
import { bandsOf, Scratch, stampPoints } from './stamp.ts';

/** RGBA, eight bits each, rows from the top. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** Fewer opaque dots than this are drawn as paths; more are stamped. */
const STAMPED = 150;

/** Paints a scene as pixels. */
export function paintPixels(scene: Scene): Pixels {
  const [width, height] = [Math.round(scene.width * scene.density), Math.round(scene.height * scene.density)];
  const context = createCanvas(width, height).getContext('2d');
  context.scale(scene.density, scene.density);
  context.lineJoin = 'round';
  writePlainly(context);
  for (const item of scene.items) paint(context, item, scene);
  return { data: context.getImageData(0, 0, width, height).data, width, height };
}

/** A layer of points alone on transparent ground, as a PNG in a data URL: what an SVG embeds of very many points. */
export function pointsPicture(points: PointsItem, wanted = 2): string {
  const density = Math.min(wanted, Math.sqrt(plotLimits.pixels.value / (points.clip.w * points.clip.h)));
  const canvas: Canvas = createCanvas(Math.round(points.clip.w * density), Math.round(points.clip.h * density));
  const context = canvas.getContext('2d');
  const scratch = new Scratch();
  for (const band of bandsOf(points, density)) {
    const image = context.createImageData(canvas.width, band.height);
    stampPoints(image.data, points, density, band, scratch);
    context.putImageData(image, 0, band.top);
  }
  return `data:image/png;base64,${canvas.toBuffer('image/png').toString('base64')}`;
}

function paint(context: SKRSContext2D, item: Item, { density, fonts }: Scene): void {
  switch (item.item) {
    case 'rect':
      rect(context, item);
      break;
    case 'rects':
      clipped(context, item.clip, () => bars(context, item, density));
      break;
    case 'segments':
      segments(context, item, density);
      break;
    case 'path':
      clipped(context, item.clip, () => path(context, item));
      break;
    case 'gradient':
      gradient(context, item.box, item.colours, density);
      break;
    case 'text':
      text(context, item, fonts);
      break;
    case 'points':
      if (isStamped(item)) stamp(context, item, density);
      else clipped(context, item.clip, () => shapes(context, item));
  }
}

function clipped(context: SKRSContext2D, clip: Box | undefined, draw: () => void): void {
  context.save();
  if (clip !== undefined) {
    context.beginPath();
    context.rect(clip.x, clip.y, clip.w, clip.h);
    context.clip();
  }
  draw();
  context.restore();
}

function rect(context: SKRSContext2D, { box, fill, stroke, width = 1 }: RectItem): void {
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fillRect(box.x, box.y, box.w, box.h);
  }
  if (stroke !== undefined) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.strokeRect(Math.round(box.x) + 0.5, Math.round(box.y) + 0.5, Math.round(box.w), Math.round(box.h));
  }
}

/** Both sides of a bar snap to device pixels: no seams between neighbours, and a bar that has a length is seen. */
function bars(context: SKRSContext2D, { xywh, fill }: RectsItem, density: number): void {
  const snap = (v: number) => Math.round(v * density) / density;
  context.fillStyle = fill;
  for (let i = 0; i < xywh.length; i += 4) {
    const [x, y, w, h] = [xywh[i]!, xywh[i + 1]!, xywh[i + 2]!, xywh[i + 3]!];
    if (!(w > 0 && h > 0)) continue;
    const [left, top] = [snap(x), snap(y)];
    context.fillRect(left, top, Math.max(1 / density, snap(x + w) - left), Math.max(1 / density, snap(y + h) - top));
  }
}

/** Upright and level strokes as filled rectangles of whole device pixels: crisp at every density. */
function segments(context: SKRSContext2D, { xy, stroke, width }: SegmentsItem, density: number): void {
  const thick = Math.max(1, Math.round(width * density)) / density;
  const snap = (v: number) => Math.round(v * density) / density;
  const lead = (v: number) => Math.round((v - thick / 2) * density + 0.01) / density;
  context.fillStyle = stroke;
  for (let i = 0; i < xy.length; i += 4) {
    const [x1, y1, x2, y2] = [xy[i]!, xy[i + 1]!, xy[i + 2]!, xy[i + 3]!];
    if (x1 === x2) context.fillRect(lead(x1), snap(y1), thick, snap(y2) - snap(y1) + (y2 > y1 ? thick : 0));
    else context.fillRect(snap(x1), lead(y1), snap(x2) - snap(x1), thick);
  }
}

function path(context: SKRSContext2D, { xy, stroke, width, dash }: PathItem): void {
  context.beginPath();
  let isDown = false;
  for (let i = 0; i < xy.length; i += 2) {
    const [x, y] = [xy[i]!, xy[i + 1]!];
    const isPoint = Number.isFinite(x) && Number.isFinite(y);
    if (isPoint && isDown) context.lineTo(x, y);
    else if (isPoint) context.moveTo(x, y);
    isDown = isPoint;
  }
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.lineCap = dash.length === 0 ? 'round' : 'butt';
  context.setLineDash([...dash]);
  context.stroke();
}

/** From the bottom up, one device pixel row a colour. */
function gradient(context: SKRSContext2D, { x, y, w, h }: Box, colours: readonly string[], density: number): void {
  const rows = Math.max(1, Math.round(h * density));
  for (let row = 0; row < rows; row++) {
    context.fillStyle = colours[Math.min(colours.length - 1, Math.floor(((rows - 1 - row + 0.5) / rows) * colours.length))]!;
    context.fillRect(x, y + (row * h) / rows, w, h / rows);
  }
}

function text(context: SKRSContext2D, { text: words, x, y, size, colour, align, angle }: TextItem, fonts: readonly string[]): void {
  context.font = `${size.toFixed(2)}px ${fonts.map((font) => `"${font}"`).join(', ')}`;
  context.fillStyle = colour;
  context.textAlign = align === 'middle' ? 'center' : align;
  context.save();
  context.translate(x, y);
  if (angle !== 0) context.rotate((angle * Math.PI) / 180);
  context.fillText(words, 0, 0);
  context.restore();
}

const isStamped = ({ shape, x, opacity }: PointsItem): boolean => shape === 'circle' && (x.length >= STAMPED || opacity < 1);

function stamp(context: SKRSContext2D, item: PointsItem, density: number): void {
  const device = (v: number) => Math.round(v * density);
  const { x, y, w, h } = item.clip;
  const scratch = new Scratch();
  for (const band of bandsOf({ clip: { x, y, w, h } }, density)) {
    const image = context.getImageData(device(x), device(y) + band.top, device(w), band.height);
    stampPoints(image.data, item, density, band, scratch);
    context.putImageData(image, device(x), device(y) + band.top);
  }
}

function shapes(context: SKRSContext2D, { x, y, at, radius, colour, opacity, shape }: PointsItem): void {
  context.globalAlpha = opacity;
  context.lineWidth = 1.4;
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [at.ax + at.kx * x[i]!, at.ay + at.ky * y[i]!];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    context.fillStyle = context.strokeStyle = typeof colour === 'string' ? colour : colour.colours[colour.codes[i]!]!;
    context.beginPath();
    outline(context, shape, px, py, typeof radius === 'number' ? radius : radius[i]!);
    if (shape === 'cross') context.stroke();
    else context.fill();
  }
}

function outline(context: SKRSContext2D, shape: PointsItem['shape'], x: number, y: number, r: number): void {
  if (shape === 'circle') context.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === 'square') context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (shape === 'triangle') {
    context.moveTo(x, y - r * 1.2);
    context.lineTo(x + r * 1.1, y + r * 0.8);
    context.lineTo(x - r * 1.1, y + r * 0.8);
  } else {
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x + r, y - r);
    context.lineTo(x - r, y + r);
  }
}
