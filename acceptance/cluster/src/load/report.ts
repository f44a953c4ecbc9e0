import type { Connection } from './plan.ts';

/** A failed request. */
export interface FailedRequest {
  /** when it was sent, ISO 8601 */
  at: string;
  connection: Connection;
  /** whether the connection had carried a request before */
  isReused: boolean;
  method: string;
  path: string;
  /** status of the response; 0: there was none */
  status: number;
  /** the error of the connection, what is wrong with the response, or its message */
  error: string;
  retryAfter?: string;
  ms: number;
}

/** A job that the service accepted. */
export interface SubmittedJob {
  id: string;
  at: string;
}

/** A data set that one client replaces each time, with a growing number. */
export interface WrittenSet {
  dataset: string;
  /** the last number whose load was successful; -1: none */
  acknowledged: number;
  /** the last number that was sent */
  sent: number;
}

/** The report of a load. */
export interface LoadReport {
  from: string;
  to: string;
  /** started requests, in total and by connection, method and kind */
  requests: number;
  byKind: Record<string, number>;
  failed: number;
  /** the first ones, in full */
  failures: FailedRequest[];
  latencyMs: { p50: number; p99: number; longest: number };
  /** the longest time in which no request succeeded */
  longestGapMs: number;
  jobs: SubmittedJob[];
  sets: WrittenSet[];
}
