/** Every value a reader could call taste. Lengths are CSS pixels at 640x480; `typeScale` grows them with the picture. */
export const lengths = {
  fontSize: { title: 16, label: 13.5, tick: 12.5, legend: 12.5, footer: 10 },
  frame: 1,
  grid: 1,
  tick: 5,
  minorTick: 3,
  gap: { edge: 12, title: 6, tickToText: 4, textToLabel: 7, panel: 18, colourbar: 14, betweenTicks: 14 },
  colourbar: 14,
  line: 1.8,
  marker: 3.4,
} as const;

/** Baseline to baseline, in font sizes. */
export const LINE = 1.25;

export interface Theme {
  background: string;
  /** titles, labels */
  ink: string;
  /** tick and legend texts */
  inkSoft: string;
  frame: string;
  grid: string;
  legendFill: string;
  legendStroke: string;
  /** what has no value or belongs to no shown group */
  grey: string;
  series: readonly string[];
  /** which part of the viridis ramp stands out from the background, 0 to 1 */
  ramp: readonly [number, number];
}

const paper: Theme = {
  background: '#ffffff',
  ink: '#1a1d21',
  inkSoft: '#2f353b',
  frame: '#5d636a',
  grid: '#e9ebee',
  legendFill: '#ffffff',
  legendStroke: '#d0d4d9',
  grey: '#b4b9bf',
  series: ['#1f6fb4', '#e0661c', '#2a9a4f', '#c9343c', '#8159b3', '#8c5a3c', '#d957a8', '#5f6b76', '#9c9b1b', '#129fb3'],
  ramp: [0, 0.95],
};

const night: Theme = {
  background: '#15191e',
  ink: '#eef1f4',
  inkSoft: '#c9cfd6',
  frame: '#8a929b',
  grid: '#262c33',
  legendFill: '#15191e',
  legendStroke: '#3d454e',
  grey: '#59616a',
  series: ['#56b4e9', '#e69f00', '#2fc79a', '#f07f76', '#b59be0', '#d6c15a', '#e29ac6', '#c8c8c8', '#8fd14f', '#6f93ff'],
  ramp: [0.22, 1],
};

export const themeOf = { paper, night } as const;
export type ThemeName = keyof typeof themeOf;

const dashes: readonly (readonly number[])[] = [[], [7, 3.5], [2, 2.5], [9, 3, 2, 3]];
export const dashOf = { '-': dashes[0]!, '--': dashes[1]!, ':': dashes[2]! } as const;

/** The dash of the i-th series: after the last colour the same colours come again, dashed. */
export const seriesDash = (i: number): readonly number[] => dashes[Math.floor(i / paper.series.length) % dashes.length]!;

/** 320x240 -> 0.8, 640x480 -> 1, 1920x1080 -> 1.5: text grows slower than the picture. */
export const typeScale = (width: number, height: number): number =>
  Math.min(1.8, Math.max(0.8, Math.sqrt(Math.min(width, (height * 4) / 3) / 640)));
