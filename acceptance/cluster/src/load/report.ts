import type { Connection } from './plan.ts';

/** A request that did not get what it should have. */
export interface FailedRequest {
  /** when it was sent, ISO 8601 */
  at: string;
  connection: Connection;
  /** whether the connection had carried a request before */
  isReused: boolean;
  method: string;
  path: string;
  /** the answer's status; 0: there was no answer */
  status: number;
  /** what broke the connection, what was wrong with the answer, or what it said */
  error: string;
  retryAfter?: string;
  ms: number;
}

/** A job that the service took on. */
export interface SubmittedJob {
  id: string;
  at: string;
}

/** A data set that one client writes anew each time, with a number that grows. */
export interface WrittenSet {
  dataset: string;
  /** the last number whose load was answered with success; -1: none */
  acknowledged: number;
  /** the last number that was sent */
  sent: number;
}

/** What a load met. */
export interface LoadReport {
  from: string;
  to: string;
  /** requests that were begun, by connection, method and what they were for */
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
