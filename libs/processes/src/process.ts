import type { ColumnReport } from '@almanac/domain';
import type { TSchema } from 'typebox';

/** Inputs as they will be worked: checked against the data set, every default written out. */
export interface Resolved {
  inputs: Record<string, unknown>;
  /** one sentence on what was chosen for the caller; undefined where nothing was */
  reason: string | undefined;
}

/** What an analysis takes and gives. The doing lies with the worker of its queue. */
export interface Process {
  id: string;
  /** part of what a job computes: other numbers or pictures from the same inputs mean another version */
  version: string;
  title: string;
  description: string;
  /** hotqueue:<queue> carries its jobs */
  queue: string;
  Inputs: TSchema;
  /** names of results it can make; the first is made when none is asked for */
  Outputs: readonly string[];
  mediaTypes: Readonly<Record<string, string>>;
  /** Throws ProblemError with the JSON pointer of what is wrong. */
  resolve(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Resolved;
}
