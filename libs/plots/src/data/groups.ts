import type { PlotColumn } from '../plot-type.ts';

/** The records of a column by value, most frequent first (ties: the value met first). A record without a value has the group -1. */
export interface Groups {
  names: string[];
  counts: number[];
  /** the values themselves, if they are numbers */
  values: number[] | undefined;
  /** the group of each record */
  of: Int32Array;
}

export function groupsOf(column: PlotColumn): Groups {
  const { names, type, values } = column;
  const found = new Map<number, number>();
  const first: number[] = [];
  const counts: number[] = [];
  const of = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (names === undefined ? !Number.isFinite(value) : value < 0) {
      of[i] = -1;
      continue;
    }
    let group = found.get(value);
    if (group === undefined) {
      group = counts.push(0) - 1;
      first.push(value);
      found.set(value, group);
    }
    counts[group]!++;
    of[i] = group;
  }
  const ranked = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  const rank = new Int32Array(ranked.length);
  ranked.forEach((group, i) => {
    rank[group] = i;
  });
  const nameOf = (value: number): string => names?.[value] ?? (type === 'boolean' ? (value === 0 ? 'false' : 'true') : String(value));
  return {
    names: ranked.map((group) => nameOf(first[group]!)),
    counts: ranked.map((group) => counts[group]!),
    values: names === undefined && type !== 'boolean' ? ranked.map((group) => first[group]!) : undefined,
    of: of.map((group) => (group < 0 ? -1 : rank[group]!)),
  };
}
