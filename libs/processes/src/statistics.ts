import { type ColumnReport, hint, shown } from '@almanac/domain';
import { Type } from 'typebox';
import { checkInput } from './check-input.ts';
import { findColumn } from './column-inputs.ts';
import { invalidInput, pointer } from './invalid-input.ts';
import type { Process, Resolved } from './process.ts';
import { checkRows, rowsInputs, splitInputs } from './rows-inputs.ts';

const MAX_COLUMNS = 200;

const own = {
  columns: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: MAX_COLUMNS,
      uniqueItems: true,
      description: 'names of the columns to summarise; by default all columns',
    }),
  ),
};
const OwnInputs = Type.Object(own, { additionalProperties: false });
const StatisticsInputs = Type.Object(
  { ...rowsInputs, ...own },
  { additionalProperties: false, examples: [{ dataset: 'meteorites', where: { recclass: 'L6' }, columns: ['mass (g)', 'year'] }] },
);

export const statistics = {
  id: 'statistics',
  version: '1.0.0',
  title: 'Statistics',
  description: [
    'Summarises columns: the number of values and of missing values; for numbers also minimum, maximum, mean and standard deviation;',
    'for times the first and the last; for texts the number of distinct values and the most frequent one.',
  ].join(' '),
  queue: 'plot',
  Inputs: StatisticsInputs,
  Outputs: ['json'],
  mediaTypes: { json: 'application/json' },
  resolve,
} as const satisfies Process;

function resolve(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Resolved {
  const { rows, own } = splitInputs(inputs);
  checkInput(OwnInputs, own, '/inputs', unknownMember);
  const names = (own.columns as string[] | undefined) ?? summarisable(columns);
  for (const [i, name] of names.entries()) checkColumn(columns, name, pointer('inputs', 'columns', i));
  const reason = own.columns === undefined ? `All ${names.length} suitable columns were summarised.` : undefined;
  return { inputs: { ...checkRows(rows, columns), columns: names }, reason };
}

const unknownMember = (name: string) => `there is no member ${shown(name)}${hint(name, Object.keys(StatisticsInputs.properties))}`;

/** The columns that are summarised by default. */
const summarisable = (columns: readonly ColumnReport[]): string[] =>
  columns
    .filter(({ type }) => type !== 'json')
    .map(({ name }) => name)
    .slice(0, MAX_COLUMNS);

function checkColumn(columns: readonly ColumnReport[], name: string, path: string): void {
  if (findColumn(columns, name, path).type === 'json')
    throw invalidInput(path, `column ${shown(name)} holds lists or objects, which have no statistics`, 'unsuitable-column');
}
