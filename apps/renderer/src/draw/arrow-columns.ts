import type { ColumnType } from '@almanac/domain';
import type { PlotColumn } from '@almanac/plots';
import { type Data, tableFromIPC, type Vector } from 'apache-arrow';

/** Columns of an Arrow stream as plots read them: numbers as they are (NaN = missing), strings as codes into names (-1 = missing). */
export function readColumns(bytes: Uint8Array): { columns: Record<string, PlotColumn>; rows: number } {
  const table = tableFromIPC(bytes);
  const columns = table.schema.fields.map((field, i): [string, PlotColumn] => {
    const vector = table.getChildAt(i) as Vector;
    const about = { name: field.name, title: field.metadata.get('title') ?? field.name, unit: field.metadata.get('unit') };
    const type = (field.metadata.get('type') ?? (isCoded(vector) ? 'string' : 'number')) as ColumnType;
    return [field.name, { ...about, type, ...(isCoded(vector) ? readCodes(vector) : { values: readNumbers(vector, table.numRows) }) }];
  });
  return { columns: Object.fromEntries(columns), rows: table.numRows };
}

const isCoded = (vector: Vector): boolean => vector.data.some((data) => data.dictionary !== undefined);

function readNumbers(vector: Vector, rows: number): Float64Array {
  const [only] = vector.data;
  if (vector.data.length === 1 && only !== undefined && only.nullCount === 0) return only.values.subarray(0, rows) as Float64Array;
  const values = new Float64Array(rows);
  let at = 0;
  for (const data of vector.data) {
    values.set((data.values as Float64Array).subarray(0, data.length), at);
    for (let i = 0; data.nullCount > 0 && i < data.length; i++) if (!data.getValid(i)) values[at + i] = Number.NaN;
    at += data.length;
  }
  return values;
}

/** Each batch may bring a dictionary of its own; equal names get one code. */
function readCodes(vector: Vector): { values: Int32Array; names: string[] } {
  const names: string[] = [];
  const codes = new Map<string, number>();
  const known = new Map<Vector, Int32Array>();
  const codeOf = (name: string): number => {
    const code = codes.get(name) ?? names.push(name) - 1;
    codes.set(name, code);
    return code;
  };
  const values = new Int32Array(vector.length);
  let at = 0;
  for (const data of vector.data as readonly Data[]) {
    const dictionary = data.dictionary as Vector;
    const translated = known.get(dictionary) ?? Int32Array.from(dictionary, (name: unknown) => codeOf(String(name)));
    known.set(dictionary, translated);
    for (let i = 0; i < data.length; i++) values[at + i] = data.getValid(i) ? translated[data.values[i]]! : -1;
    at += data.length;
  }
  return { values, names };
}
