import { invalidInput } from './invalid-input.ts';

/** The cell that is drawn into must be one of the grid's: [rows, columns, number]. The form is checked before. */
export function checkSubplot(subplot: unknown): void {
  if (subplot === undefined) return;
  const [rows, columns, number] = subplot as [number, number, number];
  if (number > rows * columns)
    throw invalidInput('/inputs/subplot/2', `${rows} rows of ${columns} have ${rows * columns} cells; there is no cell ${number}`);
}
