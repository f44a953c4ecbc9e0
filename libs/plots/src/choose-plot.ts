import type { ColumnReport } from '@almanac/domain';
import type { PlotTypeId } from './registry.ts';

/** What the caller already said: a type, some parameters, or nothing. */
export type Given = Readonly<Record<string, unknown>> & { type?: PlotTypeId };

export interface Choice {
  type: PlotTypeId;
  /** complete and valid parameters of that type, with everything that was given */
  params: Record<string, unknown>;
  /** one sentence for the job's message: why this plot */
  reason: string;
}

/**
 * The sensible plot of a data set when told little or nothing. What is given is kept; the rest is chosen from the columns' types and
 * evidence. Throws ProblemError 'unsuitable-column' where no column suits.
 */
export function choosePlot(_columns: readonly ColumnReport[], _given: Given = {}): Choice {
  throw new Error('not chosen yet');
}
