import { jobLimits } from './jobs.ts';
import type { Limit } from './limit.ts';
import { loadLimits } from './loads.ts';
import { plotLimits } from './plots.ts';
import { readLimits } from './reads.ts';
import { requestLimits } from './requests.ts';

export { type DrawingMemory, drawableRowBytes, drawingMb, drawingMemory } from './drawing-memory.ts';
export { type Limit, withUnit } from './limit.ts';
export { limitExceeded } from './limit-exceeded.ts';
export { jobLimits, loadLimits, plotLimits, readLimits, requestLimits };

/**
 * Every bound of the product, by section. This is the only place that owns a number: code reads it from here, `docs/limits.md` and
 * the chart's memory sizes are checked against it.
 */
export const limits = {
  Requests: requestLimits,
  Loads: loadLimits,
  Reads: readLimits,
  Jobs: jobLimits,
  Plots: plotLimits,
} as const satisfies Record<string, Readonly<Record<string, Limit>>>;
