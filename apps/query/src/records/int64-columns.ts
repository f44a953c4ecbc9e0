import type { Column } from '@almanac/domain';
import type { ReadCopy } from '@almanac/store';
import { int64Of } from '../renderings/int64.ts';
import { eachRow, RowScanner } from '../rows/row-scanner.ts';
import type { SearchRunner } from '../searches.ts';
import type { TimeSlice } from '../time-slice.ts';

/** Numbers below this are 64-bit integers, whatever the evidence lost by rounding. */
const SURE = 2 ** 63 - 2048;

/** Tells which integer columns go out as 64-bit integers: those whose every value in this version fits. */
export async function int64Columns(
  searches: SearchRunner,
  copy: ReadCopy,
  columns: readonly Column[],
): Promise<(column: Column) => boolean> {
  const unsure = columns.filter((column) => column.type === 'integer' && !isSure(copy, column) && known(copy, column) === undefined);
  const found = unsure.length === 0 ? undefined : await searches.run(copy, (search) => scan(copy, unsure, search));
  return (column) => isSure(copy, column) || (known(copy, column) ?? found?.has(column.name) ?? false);
}

const known = (copy: ReadCopy, { name }: Column): boolean | undefined => copy.find<boolean>(`int64 ${name}`);

/** Whether the least and the greatest value, as the load counted them, are well within 64 bits. */
function isSure({ evidence }: ReadCopy, { name }: Column): boolean {
  const { min, max, present, kinds } = (Object.hasOwn(evidence, name) ? evidence[name] : undefined) ?? {};
  if (present === undefined || kinds?.integer !== present) return false;
  return present === 0 || (typeof min === 'number' && typeof max === 'number' && min > -SURE && max < SURE);
}

/** Reads every value; the names of the columns in which all fit. */
async function scan(copy: ReadCopy, columns: readonly Column[], timeSlice: TimeSlice): Promise<Set<string>> {
  const scanner = new RowScanner(columns.map(({ name }) => name));
  const fits = columns.map(() => true);
  for (const { rows } of copy.all()) {
    eachRow(rows.toString(), scanner, () => {
      for (let i = 0; i < fits.length; i++) if (fits[i] && !isInteger(scanner.token(i))) fits[i] = false;
    });
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  for (const [i, { name }] of columns.entries()) copy.keep(`int64 ${name}`, fits[i], 16);
  return new Set(columns.filter((_, i) => fits[i]).map(({ name }) => name));
}

const isInteger = (token: string | undefined): boolean =>
  token === undefined || token === 'null' || token.startsWith('"') || int64Of(token) !== undefined;
