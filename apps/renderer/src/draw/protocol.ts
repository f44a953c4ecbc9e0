import type { ColumnStatistics, Problem, ProblemType } from '@almanac/domain';
import type { Picture, PlotTypeId } from '@almanac/plots';

export const outputs = ['png', 'svg'] as const;
export type Output = (typeof outputs)[number];
export const mediaTypes: Readonly<Record<Output, string>> = { png: 'image/png', svg: 'image/svg+xml' };

/** What a drawing is made from beside its rows. */
export interface DrawRequest {
  type: PlotTypeId;
  params: Record<string, unknown>;
  picture: Picture;
  outputs: readonly Output[];
  /** how many records there must be, where query said: fewer are part of an answer */
  records: number | undefined;
  /** written into every file: what determines its bytes, as JSON */
  provenance: string;
}

/** Only numbers are wanted: no picture. */
export interface SummaryRequest {
  isSummary: true;
  records: number | undefined;
}

export interface Drawing {
  results: Partial<Record<Output, Buffer>>;
  description: string;
  notes: string[];
  /** of the records that were drawn, by column */
  statistics: Record<string, ColumnStatistics>;
}

/** What the parent tells a drawing child: a request, the Arrow stream in pieces, its end; or to forget what came so far. */
export type ToChild =
  | { kind: 'begin'; request: DrawRequest | SummaryRequest }
  | { kind: 'rows'; bytes: Uint8Array }
  | { kind: 'end' }
  | { kind: 'forget' };

/** What a child answers: once that it is ready, then one answer to each end. */
export type FromChild =
  | { kind: 'ready' }
  | { kind: 'unfit'; reason: string }
  | { kind: 'done'; drawing: Drawing }
  | { kind: 'failed'; type: ProblemType; detail: string; errors: Problem['errors'] }
  | { kind: 'broken'; message: string; stack: string | undefined };
