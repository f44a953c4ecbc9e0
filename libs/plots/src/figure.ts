/** The figure: what a plot type returns. Plain data, no functions, no records; columns stay typed arrays from store to pixel. */
export type Values = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

export type Domain = readonly [least: number, greatest: number];

/** Times are milliseconds, UTC. On a band, category i lies at position i. */
export type Scale = { kind: 'linear' | 'log' | 'time'; domain: Domain } | { kind: 'band'; categories: readonly string[] };

export interface Axis {
  scale: Scale;
  label: string;
  /** printed in brackets after the label, with the common power of ten */
  unit?: string | undefined;
  format?: 'whole' | 'degreesEast' | 'degreesNorth' | undefined;
}

/** The i-th colour of the theme's series, or a colour of its own (#rrggbb). */
export type Colour = number | string;
export type Shape = 'circle' | 'square' | 'triangle' | 'cross';

/** Colour by value along the theme's ramp; NaN gets the theme's grey. */
export interface ColourByValue {
  values: Values;
  scale: { kind: 'linear' | 'log' | 'time'; domain: Domain };
}

/** Colour by group: code i gets the i-th series colour, the code `rest` and codes below 0 grey. */
export interface ColourByGroup {
  codes: Int32Array;
  rest: number;
}

/** Radii and widths are CSS pixels at 640x480; the layout grows them with the picture. */
export type Mark =
  | { mark: 'line'; name?: string; x: Values; y: Values; colour: Colour; dash?: readonly number[] }
  | {
      mark: 'points';
      name?: string;
      x: Values;
      y: Values;
      radius: number | Float32Array;
      colour: Colour | ColourByValue | ColourByGroup;
      opacity: number;
      shape?: Shape;
    }
  | { mark: 'bars'; name?: string; from: Values; to: Values; base: Values; value: Values; colour: Colour; isHorizontal?: boolean };

/** A legend that is no list of series: groups of colours, sizes of discs. */
export interface Key {
  title: string;
  entries: readonly { name: string; colour: Colour | 'rest'; radius: number }[];
}

export interface Colourbar {
  label: string;
  unit?: string | undefined;
  scale: { kind: 'linear' | 'log' | 'time'; domain: Domain };
}

export interface Panel {
  x: Axis;
  y: Axis;
  marks: readonly Mark[];
  colourbar?: Colourbar | undefined;
  keys?: readonly Key[];
  /** one unit of x is drawn as long as one of y */
  equalAspect?: boolean;
}

export interface Figure {
  title: string;
  footer?: string | undefined;
  /** the picture in words: the alternative text, also <desc> in SVG */
  description: string;
  /** one below the other */
  panels: readonly Panel[];
  /** all panels have the limits of x in common, and only the last writes them */
  shareX?: boolean;
  /** what was left out or counted together, in sentences */
  notes: readonly string[];
}
