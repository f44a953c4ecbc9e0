import { jobLimits, limitExceeded } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { type App, type Counter, counter, gauge, type Logger } from '@almanac/service';
import type { Chore } from './housekeeping.ts';

const EVERY_MS = 30_000;
/** Some room beside the quota, so that the next record does not begin it anew. */
const DOWN_TO = 0.9;
/** Records that could not be brought within the quota are counted again for submissions at most this often. */
const AGAIN_MS = 1000;

interface QuotaOptions {
  jobs: Pick<JobQueue, 'weight' | 'dropOldest'>;
  quotaBytes: number;
  metrics: App['metrics'];
  logger: Pick<Logger, 'info'>;
}

/**
 * Keeps the records of all jobs within a number of bytes. They are counted twice a minute, and what this replica accepts meanwhile is added.
 * Above the quota the oldest records of ended jobs go before their time; if that is not enough, submissions are refused.
 */
export class RecordsQuota implements Chore {
  readonly name = 'keeping job records within their quota';
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

  /** What was accepted takes so many bytes. */
  note(bytes: number): void {
    this.#added += bytes;
  }

  /** Throws ProblemError 503 with Retry-After if no record may be added. */
  async check(): Promise<void> {
    const { quotaBytes } = this.#options;
    if (this.bytes <= quotaBytes) return;
    // Where the last count made no room, the next that comes at once will not either.
    if (this.#counted <= quotaBytes || performance.now() - this.#settledAt > AGAIN_MS) await this.run();
    if (this.bytes <= quotaBytes) return;
    const megabytes = (bytes: number) => Math.round(bytes / 1e6);
    const problem = limitExceeded('unavailable', { ...jobLimits.recordsMB, value: megabytes(quotaBytes) }, megabytes(this.bytes), {
      detail: 'The records of jobs that have not ended take all the room there is for records',
      advice: 'Retry when some of them have ended.',
    });
    problem.headers['retry-after'] = '10';
    throw problem;
  }

  /** Counts, and drops what is too much. Calls that come meanwhile share it. */
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
      logger.info({ dropped, freedBytes: bytes - left, bytes: left, quotaBytes }, 'dropped the oldest job records to make room');
      bytes = left;
    }
    this.#counted = bytes;
    this.#added -= before;
    this.#settledAt = performance.now();
  }
}
