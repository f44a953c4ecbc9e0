import { norm, type Vector } from '../src/index.ts';

/** Gathers errors of one kind: how many, the largest, the root of their mean square. */
export class Errors {
  #sumOfSquares = 0;
  count = 0;
  max = 0;

  add(error: number): void {
    this.count++;
    this.max = Math.max(this.max, Math.abs(error));
    this.#sumOfSquares += error * error;
  }

  /** the largest and the root mean square as text */
  cells(digits: number): [string, string] {
    return this.count === 0 ? ['-', '-'] : [this.max.toFixed(digits), Math.sqrt(this.#sumOfSquares / this.count).toFixed(digits)];
  }
}

/** The distance of two positions in km, or the difference of two velocities in km/s, a thousand times finer. */
export const thousandthsApart = (a: Vector, b: Vector): number => 1000 * norm([a[0] - b[0], a[1] - b[1], a[2] - b[2]]);

export type Table = readonly (readonly string[])[];

export function printTable(title: string, rows: Table): void {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const aligned = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0));
  console.log(`\n${title}`);
  for (const row of rows) console.log(`  ${row.map(aligned).join('  ')}`);
}
