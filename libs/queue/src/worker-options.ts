import type { Redis } from 'ioredis';
import type { RetryPolicy } from './backoff.ts';
import type { QueueLogger } from './queue-logger.ts';
import type { QueueRecord } from './record.ts';

/** How long the outcome of a complete job is reused for its content hash, by default. */
export const REUSE_FOR_MS = 6 * 86_400_000;

/** A job that a worker holds, as its handler gets it. */
export interface HeldJob {
  id: string;
  payload: string;
  /** its record at the start of the attempt */
  record: QueueRecord;
  /** 1 for the first */
  attempt: number;
  /** fencing token: identifies this attempt, so that no other attempt writes under it */
  token: string;
  /** aborted if the job was cancelled (the reason is a JobCancelled), or if this worker no longer holds it */
  signal: AbortSignal;
  /** Records progress, percent 0-100. Returns false if this worker no longer holds the job. */
  progress(percent: number, stage: string): Promise<boolean>;
}

/** The abort reason of a cancelled job. */
export class JobCancelled extends Error {
  constructor() {
    super('the job was cancelled');
    this.name = 'JobCancelled';
  }
}

/**
 * How an attempt ended. `note` is stored in the record if the job ends (JSON, no raw newline), `reason` if it is retried.
 * - retry: the attempt failed. The job is retried by the worker's retry policy, and fails when its attempts are used up.
 * - interrupted: the attempt was interrupted from outside, for example by a signal. It counts as a crash, not as an attempt. The job is
 *   retried, and fails if it has more crashes than a job may survive.
 * - waiting: the job is postponed and taken again after `delayMs`. It counts neither as an attempt nor as a crash. The handler limits the
 *   total time (`waitOf` returns since when a job waits).
 */
export type JobEnd =
  | { state: 'complete'; note: string }
  | { state: 'failed'; note: string }
  | { state: 'retry'; note: string; reason: string }
  | { state: 'interrupted'; note: string; reason: string }
  | { state: 'waiting'; since: number; reason: string; delayMs: number };

export interface WorkerOptions {
  redis: Redis;
  /** a connection that only this worker uses, and closes: it is blocked most of the time. Default: a duplicate of `redis` */
  blocking?: Redis;
  queue: string;
  /** prefix of the worker's ids, default none. A Redis user that stores results under the tokens can be limited to keys with the prefix */
  namePrefix?: string;
  /** Runs the job. If it throws, the job is retried by the retry policy; after the last attempt it fails, with the message as its note. */
  handle(job: HeldJob): Promise<JobEnd>;
  /** default: no logging */
  logger?: QueueLogger;
  /** jobs at a time, default 1 */
  concurrency?: number;
  /** observers declare a worker dead after this time without a heartbeat. It sends at least four in this time. Default 10,000 */
  lostAfterMs?: number;
  /**
   * What sends heartbeats: a timer of the main thread (the default), or a thread with its own connection, for handlers that block the
   * main thread for longer than `lostAfterMs`
   */
  heartbeat?: 'timer' | 'thread';
  /** with a thread: if the main thread is blocked for longer, heartbeats stop and another worker gets its jobs. Default ten minutes */
  maxStallMs?: number;
  /** the timeout of one blocking call, default 2. Short, so that a dead connection is detected */
  blockSeconds?: number;
  /** how long the outcome of a complete job is reused for its content hash, default six days */
  reuseForMs?: number;
  /** default: 5 attempts; the delay between them doubles from 1 s to 60 s */
  retry?: Partial<RetryPolicy>;
  /** if true, an element without a record becomes a job with the element as its payload; default false: it is moved to the lost list */
  adopts?: boolean;
}
