import type { ActiveJob } from './active-job.ts';
import { type RetryPolicy, retryDelayMs } from './backoff.ts';
import { MAX_CRASHES } from './liveness.ts';
import type { QueueLogger } from './queue-logger.ts';
import { noteOf, type QueueRecord, reasonOf, waitNote } from './record.ts';
import { type HeldJob, JobCancelled, type JobEnd } from './worker-options.ts';

/** The end of an attempt, as the cycle script takes it. Outcomes r, k and w delay the job; the others end it. */
export type EndArgs = readonly [outcome: 's' | 'f' | 'c' | 'r' | 'k' | 'w', note: string, delayMs: number];

const CANCELLED: EndArgs = ['c', '', 0];

/** Runs the handler once. Never rejects: an error of the handler is an end too. */
export async function runAttempt(
  job: ActiveJob,
  handle: (job: HeldJob) => Promise<JobEnd>,
  retry: RetryPolicy,
  logger: QueueLogger,
): Promise<EndArgs> {
  try {
    const end = await handle(job);
    return isCancelled(job) ? CANCELLED : endArgs(end, job.record, retry);
  } catch (error) {
    if (isCancelled(job)) return CANCELLED;
    const message = error instanceof Error ? error.message : String(error);
    logger.error({ err: error, job: job.id, attempt: job.attempt }, 'job handler threw');
    return endArgs({ state: 'retry', note: JSON.stringify({ message }), reason: message }, job.record, retry);
  }
}

const isCancelled = (job: ActiveJob): boolean => job.abortReason instanceof JobCancelled;

export const isDelayed = ([outcome]: EndArgs): boolean => outcome === 'r' || outcome === 'k' || outcome === 'w';

function endArgs(end: JobEnd, record: QueueRecord, retry: RetryPolicy): EndArgs {
  switch (end.state) {
    case 'complete':
      return ['s', noteOf(end.note), 0];
    case 'failed':
      return ['f', noteOf(end.note), 0];
    case 'waiting':
      return ['w', waitNote(end.since, end.reason), end.delayMs];
    case 'interrupted': {
      const crashes = record.crashes + 1;
      const delayMs = crashes > MAX_CRASHES ? undefined : retryDelayMs(crashes, { ...retry, attempts: MAX_CRASHES + 1 });
      return delayMs === undefined ? ['f', noteOf(end.note), 0] : ['k', reasonOf(end.reason), delayMs];
    }
    case 'retry': {
      const delayMs = retryDelayMs(record.attempts - record.crashes, retry);
      return delayMs === undefined ? ['f', noteOf(end.note), 0] : ['r', reasonOf(end.reason), delayMs];
    }
  }
}
