/** One labelled place on an axis. More than one label line only on a horizontal axis. */
export interface Tick {
  at: number;
  label: readonly string[];
}

export interface Ticks {
  major: readonly Tick[];
  minor: readonly number[];
  /** what all labels share and the axis label says once: "×10⁶", "28 Feb 2024, UTC" */
  suffix: string;
  angle: 0 | -45 | -90;
  /** how many category names had no room */
  left: number;
}

export const noTicks: Ticks = { major: [], minor: [], suffix: '', angle: 0, left: 0 };
