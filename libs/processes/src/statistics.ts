import { type ColumnReport, hint, shown } from '@almanac/domain';
import { Type } from 'typebox';
import { findColumn } from './column-inputs.ts';
import { describeValue, invalidInput, pointer } from './invalid-input.ts';
import type { Process, Resolved } from './process.ts';
import { checkRows, rowsInputs } from './rows-inputs.ts';

const MOST_COLUMNS = 200;

const StatisticsInputs = Type.Object(
  {
    ...rowsInputs,
    columns: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, maxItems: MOST_COLUMNS, description: 'of these columns; of all when left out' }),
    ),
  },
  { additionalProperties: false, examples: [{ dataset: 'meteorites', where: { recclass: 'L6' }, columns: ['mass (g)', 'year'] }] },
);

export const statistics = {
  id: 'statistics',
  version: '1.0.0',
  title: 'Statistics',
  description:
    'Summarises columns: how many values and how many missing; of numbers the extremes, mean and standard deviation, of times the first and last, of texts how many there are and the most frequent.',
  queue: 'plot',
  Inputs: StatisticsInputs,
  Outputs: ['json'],
  mediaTypes: { json: 'application/json' },
  resolve,
} as const satisfies Process;

function resolve(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Resolved {
  const known = Object.keys(StatisticsInputs.properties);
  const stranger = Object.keys(inputs).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw invalidInput(pointer('inputs', stranger), `there is no member ${shown(stranger)}${hint(stranger, known)}`);
  const rows = checkRows(inputs, columns);
  const names = namesIn(inputs.columns, columns);
  const reason = inputs.columns === undefined ? `All ${names.length} columns that can be summarised were.` : undefined;
  return { inputs: { ...rows, columns: names }, reason };
}

function namesIn(asked: unknown, columns: readonly ColumnReport[]): string[] {
  if (asked === undefined)
    return columns
      .filter(({ type }) => type !== 'json')
      .map(({ name }) => name)
      .slice(0, MOST_COLUMNS);
  const path = pointer('inputs', 'columns');
  if (!Array.isArray(asked) || asked.length === 0 || asked.length > MOST_COLUMNS)
    throw invalidInput(path, `${describeValue(asked)} is not a list of 1 to ${MOST_COLUMNS} columns`);
  for (const [i, name] of asked.entries()) {
    const at = pointer('inputs', 'columns', i);
    if (typeof name !== 'string') throw invalidInput(at, `${describeValue(name)} is not the name of a column`);
    if (findColumn(columns, name, at).type === 'json')
      throw invalidInput(at, `column ${shown(name)} holds lists or objects, which have no statistics`, 'unsuitable-column');
    if (asked.indexOf(name) !== i) throw invalidInput(at, `${shown(name)} is listed twice`);
  }
  return asked as string[];
}
