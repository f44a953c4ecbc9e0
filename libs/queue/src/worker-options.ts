import type { Redis } from 'ioredis';
import type { QueueLogger } from './queue-logger.ts';
import type { QueueRecord } from './record.ts';

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
  /** aborted when the job is not this worker's any more; what it makes of it then counts for nothing */
  signal: AbortSignal;
  /** Notes progress, percent 0-100. False when the job is not this worker's any more. */
  progress(percent: number, stage: string): Promise<boolean>;
}

/** How a job ended; `note` is kept in its record (no raw newline; JSON). */
export interface JobEnd {
  state: 'complete' | 'failed';
  note: string;
}

export interface WorkerOptions {
  redis: Redis;
  /** a connection of the worker's own: it is blocked most of the time */
  blocking: Redis;
  queue: string;
  /** Does the job. What it throws fails the job, with the message as its note. */
  handle(job: HeldJob): Promise<JobEnd>;
  logger: QueueLogger;
  /** jobs at a time, default 1 */
  concurrency?: number;
  /** observers declare a silent worker dead after this; it beats at least four times as often. Default 10,000 */
  lostAfterMs?: number;
  /** how long one blocking take waits, default 2; short, so that a connection that died silently is noticed */
  blockSeconds?: number;
  /** how long a complete job answers for its content hash, default six days */
  answersForMs?: number;
}
