import { columnStatistics } from './column-statistics.ts';
import type { Computation } from './computation.ts';

/** Statistics of each column, without a picture. */
export const statistics: Computation<undefined> = ({ columns }) => ({
  results: {},
  description: '',
  notes: [],
  statistics: columnStatistics(columns),
});
