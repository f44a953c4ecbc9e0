/** One labelled place on an axis. More than one label line only on a horizontal axis. */
export interface Tick {
  at: number;
  label: readonly string[];
}

export interface Ticks {
  major: readonly Tick[];
  minor: readonly number[];
  /** what all labels share, written once in the axis label: "×10⁶", "28 Feb 2024, UTC" */
  suffix: string;
  angle: 0 | -45 | -90;
  /** number of category names without room */
  left: number;
}

export const noTicks: Ticks = { major: [], minor: [], suffix: '', angle: 0, left: 0 };
