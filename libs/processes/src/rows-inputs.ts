import { type ColumnReport, DatasetId, Where } from '@almanac/domain';
import { Type } from 'typebox';
import { withTime } from './time-input.ts';
import { checkWhere } from './where-input.ts';

const moment = (description: string) => Type.Optional(Type.String({ description, examples: ['1990-01-01', '2024-02-21T12:00:00Z'] }));

/** A span on the data set's first time column. */
export const TimeSpan = Type.Object(
  {
    from: moment('the first moment that counts'),
    to: moment('the last moment that counts; a date without a time is its midnight'),
  },
  { additionalProperties: false, description: 'ISO 8601, UTC unless a zone is given; on the first time column of the data set' },
);

/** What every process takes: which data set, and which of its records. */
export const rowsInputs = {
  dataset: DatasetId,
  version: Type.Optional(
    Type.String({ default: 'latest', description: 'latest, or the name of the present version', examples: ['17-3fa94c02d1b7e650'] }),
  ),
  where: Type.Optional(Where),
  time: Type.Optional(TimeSpan),
};

/** These inputs checked against the columns; `time` has become part of `where`. */
export function checkRows(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Record<string, unknown> {
  const where = withTime(inputs.time, checkWhere(inputs.where, columns), columns);
  return {
    dataset: inputs.dataset,
    version: inputs.version ?? 'latest',
    ...(where === undefined || Object.keys(where).length === 0 ? {} : { where }),
  };
}
