import { jobLimits } from '@almanac/domain';
import { DatasetParameter } from '@almanac/profiles';
import { Type } from 'typebox';

/** What clients say of a job fits into this, in bytes; it is kept with the job and listed with it. */
export const MAX_BYTES = jobLimits.echoBytes.value;

export const DatasetQuery = Type.Object({ dataset: DatasetParameter });

export const JobBody = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      'Which rows (start and end on the column of time, year, or any column by its name), which columns (x, y, column) and which plot (plot_type, type, kind); every member is echoed as it came.',
    examples: [
      { start: '2001', end: '2021' },
      { plot_type: 'histogram', column: 'mass (g)' },
    ],
  },
);
