import { invalidInput } from './invalid-input.ts';

/** Checks that the cell of [rows, columns, number] exists. */
export function checkSubplot(subplot: unknown): void {
  if (subplot === undefined) return;
  const [rows, columns, number] = subplot as [number, number, number];
  if (number > rows * columns)
    throw invalidInput('/inputs/subplot/2', `there is no cell ${number}; ${rows} rows of ${columns} have ${rows * columns} cells`);
}
