import { type ColumnReport, DatasetId, Where } from '@almanac/domain';
import { Type } from 'typebox';
import { checkInput } from './check-input.ts';
import { TimeSpan, withTime } from './time-input.ts';
import { AnyWhere, checkWhere } from './where-input.ts';

/** What every process takes: a data set, and which of its records. */
export const rowsInputs = {
  dataset: DatasetId,
  version: Type.Optional(
    Type.String({ default: 'latest', description: 'latest, or the name of the current version', examples: ['17-3fa94c02d1b7e650'] }),
  ),
  where: Type.Optional(Where),
  time: Type.Optional(TimeSpan),
};

const RowsInputs = Type.Object({ ...rowsInputs, where: AnyWhere });
const DatasetInputs = Type.Object({ dataset: Type.String({ examples: ['meteorites'] }), version: rowsInputs.version });

/** Checks that inputs name a data set. Returns its id and the version asked for, or 'latest'. Throws ProblemError. */
export function datasetIn(inputs: unknown): { id: string; version: string } {
  const { dataset, version } = (inputs ?? {}) as { dataset?: unknown; version?: unknown };
  checkInput(Type.Object({}, { examples: [{ dataset: 'meteorites' }] }), inputs, '/inputs');
  const named = { ...(dataset === undefined ? {} : { dataset }), ...(version === undefined ? {} : { version }) };
  checkInput(DatasetInputs, named, '/inputs');
  return { id: dataset as string, version: (version as string | undefined) ?? 'latest' };
}

/** Inputs in two parts: those of every process, and the process' own. */
export function splitInputs(inputs: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(inputs);
  return {
    rows: Object.fromEntries(entries.filter(([name]) => Object.hasOwn(rowsInputs, name))),
    own: Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(rowsInputs, name))),
  };
}

/** Checks the inputs of every process against the columns, and makes `time` a part of `where`. Throws ProblemError. */
export function checkRows(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Record<string, unknown> {
  checkInput(RowsInputs, inputs, '/inputs');
  const {
    dataset,
    version = 'latest',
    where: given,
    time,
  } = inputs as { where?: Record<string, unknown>; time?: TimeSpan } & typeof inputs;
  if (given !== undefined) checkWhere(given, columns);
  const where = time === undefined ? (given as Where | undefined) : withTime(time, given as Where | undefined, columns);
  return { dataset, version, ...(where === undefined || Object.keys(where).length === 0 ? {} : { where }) };
}
