import { jobLimits } from '@almanac/domain';
import { DatasetParameter } from '@almanac/profiles';
import { OPTIONAL_BODY } from '@almanac/service';
import { Type } from 'typebox';

/** Limit for the body of a job, in bytes. The record and lists repeat the body. */
export const MAX_BYTES = jobLimits.echoBytes.value;

export const DatasetQuery = Type.Object({ dataset: DatasetParameter });

export const JobBody = Type.Object(
  {},
  {
    additionalProperties: true,
    description: [
      'The records (start and end on the time column, year, or any column by its name), the columns (x, y, column)',
      'and the plot (plot_type, type, kind). The job repeats every member unchanged.',
    ].join(' '),
    examples: [
      { start: '2001', end: '2021' },
      { plot_type: 'histogram', column: 'mass (g)' },
    ],
  },
);

/** The schema of both routes that submit a job. */
export const submitSchema = { tags: ['course'], querystring: DatasetQuery, body: JobBody, ...OPTIONAL_BODY };
