import type { ColumnStatistics, Problem, ProblemType } from '@almanac/domain';

/** What a drawing child computes from the rows of a job. */
export interface ChildRequest<Params = unknown> {
  /** id of the process, which selects the computation */
  process: string;
  /** for the computation; must survive a structured clone */
  params: Params;
  /** number of records that query announced, if it did; a stream with fewer is incomplete */
  records: number | undefined;
  /** pixels of the picture, which take memory beside the rows */
  pixels: number;
}

/** What a computation returns. */
export interface Computed {
  /** files by the name of the result */
  results: Record<string, Buffer>;
  description: string;
  notes: string[];
  /** of the records, by column */
  statistics: Record<string, ColumnStatistics>;
}

/** Messages to a drawing child: a request, pieces of its Arrow stream, the end of it; or to drop what was sent so far. */
export type ToChild = { kind: 'begin'; request: ChildRequest } | { kind: 'rows'; bytes: Uint8Array } | { kind: 'end' } | { kind: 'forget' };

/** Messages from a child: once that it is ready or unfit, then one for each `end`. */
export type FromChild =
  | { kind: 'ready' }
  | { kind: 'unfit'; reason: string }
  | { kind: 'done'; computed: Computed }
  | { kind: 'failed'; type: ProblemType; detail: string; errors: Problem['errors'] }
  | { kind: 'broken'; message: string; stack: string | undefined };
