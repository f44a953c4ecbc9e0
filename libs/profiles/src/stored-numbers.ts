import { isNumberText, ProblemError, shown, textOf, unknownColumn } from '@almanac/domain';
import { type RecordSet, tokens } from './record-set.ts';

/** The numbers of a column in the source's order, with the texts "21" and 21 alike; NaN where there is no value. Throws for what is no number. */
export function numbersIn(set: RecordSet, column: string): Float64Array {
  const names = set.schema.columns.map(({ name }) => name);
  if (!names.includes(column)) throw unknownColumn(column, names, 'column');
  return set.kept(`numbers ${column}`, () => {
    const numbers = new Float64Array(set.rows);
    let row = 0;
    for (const token of tokens(set, column)) numbers[row++] = numberOf(token, column, row);
    return numbers;
  });
}

function numberOf(token: string | undefined, column: string, row: number): number {
  const text = token === undefined || token === 'null' ? '' : textOf(token).trim();
  if (text === '') return Number.NaN;
  if (!isNumberText(text)) {
    throw new ProblemError('unsuitable-column', `Record ${row} has ${shown(text)} in '${column}', which is not a number.`);
  }
  return Number(text);
}
