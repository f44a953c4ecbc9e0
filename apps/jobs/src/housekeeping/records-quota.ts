import { jobLimits, limitExceeded } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { type App, type Counter, counter, gauge, type Logger } from '@almanac/service';
import type { Chore } from './housekeeping.ts';

const EVERY_MS = 30_000;
/** Part of the quota that is left after a cleanup, so that the next record does not start another. */
const DOWN_TO = 0.9;
/** If a cleanup did not free enough, submissions start another one at most this often. */
const AGAIN_MS = 1000;

interface QuotaOptions {
  jobs: Pick<JobQueue, 'weight' | 'dropOldest'>;
  quotaBytes: number;
  metrics: App['metrics'];
  logger: Pick<Logger, 'info'>;
}

/**
 * Keeps the records of all jobs within a quota in bytes. They are counted twice a minute; jobs that this replica accepts in between are
 * added. Above the quota the oldest records of ended jobs are deleted; if that is not enough, submissions are refused.
 */
export class RecordsQuota implements Chore {
  readonly name = 'quota of job records';
  readonly everyMs = EVERY_MS;
  readonly #options: QuotaOptions;
  readonly #dropped: Counter<never>;
  #counted = 0;
  #added = 0;
  #settledAt = Number.NEGATIVE_INFINITY;
  #settling: Promise<void> | undefined;

  constructor(options: QuotaOptions) {
    this.#options = options;
    const bytes = () => this.bytes;
    gauge(options.metrics, 'job_records_bytes', function () {
      this.set(bytes());
    });
    this.#dropped = counter(options.metrics, 'job_records_dropped_total');
  }

  get bytes(): number {
    return this.#counted + this.#added;
  }

  /** Adds the bytes of an accepted job. */
  note(bytes: number): void {
    this.#added += bytes;
  }

  /** Throws ProblemError 503 with Retry-After if no record may be added. */
  async check(): Promise<void> {
    const { quotaBytes } = this.#options;
    if (this.bytes <= quotaBytes) return;
    // A cleanup that freed too little is not repeated at once.
    if (this.#counted <= quotaBytes || performance.now() - this.#settledAt > AGAIN_MS) await this.run();
    if (this.bytes <= quotaBytes) return;
    const megabytes = (bytes: number) => Math.round(bytes / 1e6);
    const problem = limitExceeded('unavailable', { ...jobLimits.recordsMB, value: megabytes(quotaBytes) }, megabytes(this.bytes), {
      detail: 'The records of open jobs exceed the quota of job records',
      advice: 'Retry when some of these jobs have ended.',
    });
    problem.headers['retry-after'] = '10';
    throw problem;
  }

  /** Counts the records and deletes those above the quota. Concurrent calls share one run. */
  run(): Promise<void> {
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settle(): Promise<void> {
    const { jobs, quotaBytes, logger } = this.#options;
    const before = this.#added;
    let bytes = await jobs.weight();
    if (bytes > quotaBytes) {
      const dropped = await jobs.dropOldest(bytes - quotaBytes * DOWN_TO);
      const left = dropped === 0 ? bytes : await jobs.weight();
      this.#dropped.inc(dropped);
      logger.info(
        { dropped, freedBytes: bytes - left, bytes: left, quotaBytes },
        'job records exceeded their quota; oldest records deleted',
      );
      bytes = left;
    }
    this.#counted = bytes;
    this.#added -= before;
    this.#settledAt = performance.now();
  }
}
