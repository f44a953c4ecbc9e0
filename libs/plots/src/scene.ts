import type { Shape, Values } from './figure.ts';

/** A laid-out figure: everything a painter knows. Painters draw the items in order, lengths are CSS pixels. */
export interface Scene {
  width: number;
  height: number;
  /** device pixels for each CSS pixel */
  density: number;
  title: string;
  description: string;
  /** font families, first choice first */
  fonts: readonly string[];
  items: Item[];
  /** what was reduced or left out, in sentences */
  notes: string[];
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** pixel = a + k * value; what has no such form (a logarithm) is projected first and then has a = 0, k = 1. */
export interface Affine {
  ax: number;
  kx: number;
  ay: number;
  ky: number;
}

export interface RectItem {
  item: 'rect';
  box: Box;
  fill?: string;
  stroke?: string;
  width?: number;
}
/** x1 y1 x2 y2 ...: upright or level strokes, snapped to device pixels */
export interface SegmentsItem {
  item: 'segments';
  xy: Float64Array;
  stroke: string;
  width: number;
}
/** a polyline; NaN lifts the pen */
export interface PathItem {
  item: 'path';
  xy: Float64Array;
  stroke: string;
  width: number;
  dash: readonly number[];
  clip?: Box;
}
/** x y w h ...: bars, their edges snapped to device pixels */
export interface RectsItem {
  item: 'rects';
  xywh: Float64Array;
  fill: string;
  clip: Box;
}
export interface PointsItem {
  item: 'points';
  x: Values;
  y: Values;
  at: Affine;
  radius: number | Float32Array;
  /** one for all, or for each point a code into a list */
  colour: string | { codes: Uint16Array; colours: readonly string[] };
  opacity: number;
  shape: Shape;
  clip: Box;
}
/** colours from the bottom to the top of a box */
export interface GradientItem {
  item: 'gradient';
  box: Box;
  colours: readonly string[];
}
export interface TextItem {
  item: 'text';
  text: string;
  x: number;
  /** of the baseline */
  y: number;
  size: number;
  /** measured length, so that a viewer without the font keeps to it */
  length: number;
  colour: string;
  align: 'start' | 'middle' | 'end';
  angle: 0 | -45 | -90;
  role: 'title' | 'footer' | 'label' | 'tick' | 'legend';
}
export type Item = RectItem | SegmentsItem | PathItem | RectsItem | PointsItem | GradientItem | TextItem;
