import { isNumberText, ProblemError, shown, textOf, tokenOf, unknownColumn } from '@almanac/domain';
import { type Pass, passOver, type RecordSet } from './record-set.ts';

/** The numbers of a column in the source's order, with the texts "21" and 21 alike; NaN if there is no value. Throws for any other text. */
export function numbersIn(set: RecordSet, column: string): Float64Array {
  return set.memoize(nameOf(set, column), () => passOver(set, numbersPass(set, column)));
}

/** The same for sets of any size: other requests have their turns meanwhile. */
export async function numbersOf(set: RecordSet, column: string): Promise<Float64Array> {
  return set.computed(nameOf(set, column), () => numbersPass(set, column));
}

function nameOf(set: RecordSet, column: string): string {
  const names = set.schema.columns.map(({ name }) => name);
  if (!names.includes(column)) throw unknownColumn(column, names, 'column');
  return `numbers ${column}`;
}

function numbersPass(set: RecordSet, column: string): Pass<Float64Array> {
  const numbers = new Float64Array(set.rows);
  let row = 0;
  return {
    row: (text) => {
      numbers[row++] = numberOf(tokenOf(text, column), column, row);
    },
    done: () => numbers,
  };
}

function numberOf(token: string | undefined, column: string, row: number): number {
  const text = token === undefined || token === 'null' ? '' : textOf(token).trim();
  if (text === '') return Number.NaN;
  if (!isNumberText(text)) {
    throw new ProblemError('unsuitable-column', `Record ${row} has ${shown(text)} in '${column}', which is not a number.`);
  }
  return Number(text);
}
