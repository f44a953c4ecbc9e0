import { type ColumnReport, type ColumnType, hint, type ProblemError, shown } from '@almanac/domain';
import { columnKinds, type PlotTypeId, plotTypeIds, plotTypes } from '@almanac/plots';
import { invalidInput, pointer } from './invalid-input.ts';

/** The column of that name. Throws 'unknown-column' with the nearest name and the given pointer. */
export function findColumn(columns: readonly ColumnReport[], name: string, path: string): ColumnReport {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  throw invalidInput(path, `there is no column ${shown(name)}${hint(name, names)}`, 'unknown-column');
}

/** Checks that the columns which parameters name exist and have a suitable type: for the plot type, or without one for any. */
export function checkColumns(
  inputs: Readonly<Record<string, unknown>>,
  type: PlotTypeId | undefined,
  columns: readonly ColumnReport[],
): void {
  for (const [parameter, kinds] of columnParameters(type)) {
    const value = inputs[parameter];
    if (value === undefined) continue;
    const names = (Array.isArray(value) ? value : [value]) as string[];
    for (const [i, name] of names.entries()) {
      const column = columns.find((one) => one.name === name);
      if (column !== undefined && kinds.has(column.type)) continue;
      const path = Array.isArray(value) ? pointer('inputs', parameter, i) : pointer('inputs', parameter);
      throw unsuitable(path, findColumn(columns, name, path), [...kinds], columns);
    }
  }
}

const parameters = new Map<PlotTypeId | undefined, Map<string, Set<ColumnType>>>();

function columnParameters(type: PlotTypeId | undefined): Map<string, Set<ColumnType>> {
  const known = parameters.get(type);
  if (known !== undefined) return known;
  const found = new Map<string, Set<ColumnType>>();
  for (const id of type === undefined ? plotTypeIds : [type]) {
    for (const [name, schema] of Object.entries(plotTypes[id].Params.properties)) {
      const kinds = columnKinds(schema);
      if (kinds !== undefined) found.set(name, new Set([...(found.get(name) ?? []), ...kinds]));
    }
  }
  parameters.set(type, found);
  return found;
}

const disjunction = new Intl.ListFormat('en', { type: 'disjunction' });

function unsuitable(path: string, column: ColumnReport, kinds: readonly ColumnType[], columns: readonly ColumnReport[]): ProblemError {
  const fitting = columns.filter(({ type }) => kinds.includes(type)).map(({ name }) => name);
  const { exception } = column.evidence;
  const why = exception === undefined ? '' : ` (because of the value ${shown(exception.value)} in row ${exception.row})`;
  const instead = fitting.length === 0 ? 'the data set has no such column' : `suitable: ${fitting.slice(0, 12).join(', ')}`;
  return invalidInput(
    path,
    `column ${shown(column.name)} is of type ${column.type}${why}; its type must be ${disjunction.format(kinds)}; ${instead}`,
    'unsuitable-column',
  );
}
