import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One measured figure: ours beside a peer or a limit of the same run. */
export interface Row {
  /** the target's id: L1, Q3, ... */
  id: string;
  what: string;
  ours: string;
  peer: string;
  /** ours / peer, the smaller the better unless `want` says at least */
  ratio?: number;
  spread?: readonly [number, number];
  want?: string;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** The ratio of each round, their median and their range: rounds alternate, so noise hits both sides alike. */
export function ratioOf(ours: readonly number[], peers: readonly number[]): { ratio: number; spread: [number, number] } {
  const ratios = ours.map((value, i) => value / (peers[i] as number));
  return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}

const cells = (row: Row): string[] => [
  row.id,
  row.what,
  row.ours,
  row.peer,
  row.ratio === undefined
    ? '-'
    : `${row.ratio.toFixed(2)}x${row.spread === undefined ? '' : ` (${row.spread.map((v) => v.toFixed(2)).join('-')})`}`,
  row.want ?? '',
];

export function printTable(title: string, rows: readonly Row[]): void {
  const lines = [['id', 'what', 'ours', 'peer or limit', 'ratio', 'target'], ...rows.map(cells)];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => (line[i] as string).length))) ?? [];
  console.log(`\n${title}`);
  for (const line of lines)
    console.log(
      `  ${line
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd()}`,
    );
}

/** Keeps the figures as JSON beside the code, for comparing runs on one machine. */
export function saveRows(name: string, rows: readonly Row[]): string {
  const folder = join(import.meta.dirname, '../results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify({ when: new Date().toISOString(), node: process.version, rows }, null, 2)}\n`);
  return path;
}
