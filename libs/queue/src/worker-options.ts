import type { Redis } from 'ioredis';
import type { RetryPolicy } from './backoff.ts';
import type { QueueLogger } from './queue-logger.ts';
import type { QueueRecord } from './record.ts';

/** How long a complete job answers for its content hash, where nothing else is said. */
export const ANSWERS_FOR_MS = 6 * 86_400_000;

/** A job in a worker's hands. */
export interface HeldJob {
  id: string;
  payload: string;
  /** its record as it was when the attempt began */
  record: QueueRecord;
  /** 1 for the first */
  attempt: number;
  /** fencing token: names this attempt; what is stored under it is nobody else's */
  token: string;
  /** aborted when somebody cancelled the job (the reason is a JobCancelled), or when it is not this worker's any more */
  signal: AbortSignal;
  /** Notes progress, percent 0-100. False when the job is not this worker's any more. */
  progress(percent: number, stage: string): Promise<boolean>;
}

/** Why a held job's signal was aborted: somebody cancelled it. */
export class JobCancelled extends Error {
  constructor() {
    super('the job was cancelled');
    this.name = 'JobCancelled';
  }
}

/**
 * How an attempt ended. `note` is kept in the record of a job that ended (no raw newline; JSON), `said` where the job is tried again.
 * - retry: the attempt failed. The job is tried again by the worker's retry policy, and fails when its attempts are used up.
 * - interrupted: something outside cut the attempt off, for example a signal. It counts as a crash, not as an attempt. The job is tried
 *   again, and fails when it has had more crashes than a job may have.
 * - waiting: the job gives its place back and is taken again after `delayMs`. That counts as nothing; whoever returns it bounds the
 *   total time (`waitOf` says since when a job waits).
 */
export type JobEnd =
  | { state: 'complete'; note: string }
  | { state: 'failed'; note: string }
  | { state: 'retry'; note: string; said: string }
  | { state: 'interrupted'; note: string; said: string }
  | { state: 'waiting'; since: number; said: string; delayMs: number };

export interface WorkerOptions {
  redis: Redis;
  /** a connection of the worker's own, which it ends: it is blocked most of the time. Default: another like `redis` */
  blocking?: Redis;
  queue: string;
  /** what the worker's names begin with, default nothing: whoever stores results under its token can be limited to such keys */
  namePrefix?: string;
  /** Does the job. What it throws is tried again by the retry policy; at last it fails the job, with the message as its note. */
  handle(job: HeldJob): Promise<JobEnd>;
  /** default: nothing is said */
  logger?: QueueLogger;
  /** jobs at a time, default 1 */
  concurrency?: number;
  /** observers declare a silent worker dead after this; it beats at least four times as often. Default 10,000 */
  lostAfterMs?: number;
  /**
   * What beats: a timer of the main thread (the default), or a thread with a connection of its own, for handlers that keep the main
   * thread busy for longer than `lostAfterMs`
   */
  heartbeat?: 'timer' | 'thread';
  /** with a thread: a main thread that stands still for longer is given up, and its jobs go to another. Default ten minutes */
  maxStallMs?: number;
  /** how long one blocking take waits, default 2; short, so that a connection that died silently is noticed */
  blockSeconds?: number;
  /** how long a complete job answers for its content hash, default six days */
  answersForMs?: number;
  /** default 5 attempts, 1 s doubled up to 60 s between them */
  retry?: Partial<RetryPolicy>;
  /** an element that names no job is made one, with the element as its payload; default false: it is kept apart in the lost list */
  adopts?: boolean;
}
