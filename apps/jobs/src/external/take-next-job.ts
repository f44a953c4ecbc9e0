import { setTimeout as sleep } from 'node:timers/promises';
import type { JobLeases, JobQueue, LeasedJob } from '@almanac/job-queue';
import type { ExternalProcess } from '@almanac/processes';

/** A change is noticed at once. The queue is also checked at this interval, because a notification may be lost. */
const CHECK_MS = 1000;

/** Leases the next job of a process as soon as there is one. Undefined if none arrives within `waitMs` or before `signal` aborts. */
export async function takeNextJob(
  { jobs, leases }: { jobs: Pick<JobQueue, 'listen'>; leases: JobLeases },
  { queue, leaseMs }: ExternalProcess,
  waitMs: number,
  signal: AbortSignal,
): Promise<LeasedJob | undefined> {
  const end = performance.now() + waitMs;
  for (;;) {
    // Listens before it looks, so that a job which arrives in between is noticed.
    const changed = Promise.withResolvers<void>();
    const stop = waitMs === 0 ? () => {} : jobs.listen(() => changed.resolve());
    try {
      const job = await leases.take(queue, leaseMs);
      const left = end - performance.now();
      if (job !== undefined || left <= 0 || signal.aborted) return job;
      await within(changed.promise, Math.min(left, CHECK_MS), signal);
    } finally {
      stop();
    }
  }
}

/** Resolves with the promise, after `ms`, or when `signal` aborts. */
async function within(promise: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const timer = new AbortController();
  await Promise.race([promise, sleep(ms, undefined, { signal: AbortSignal.any([timer.signal, signal]) }).catch(() => {})]);
  timer.abort();
}
