import type { ColumnReport } from '@almanac/domain';
import type { TSchema } from 'typebox';

/** Inputs that were checked against the data set, with every default. */
export interface Resolved {
  inputs: Record<string, unknown>;
  /** a sentence about what was chosen; undefined if nothing was */
  reason: string | undefined;
}

/** The inputs and outputs of an analysis. The workers of its queue run it. */
export interface Process {
  id: string;
  /** must change if the same inputs give other numbers or pictures */
  version: string;
  title: string;
  description: string;
  /** hotqueue:<queue> carries its jobs */
  queue: string;
  Inputs: TSchema;
  /** names of the results it can make; the first is the default */
  Outputs: readonly string[];
  mediaTypes: Readonly<Record<string, string>>;
  /** Checks inputs and fills in what is left out. Throws ProblemError with the JSON pointer of the wrong value. */
  resolve(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Resolved;
}
