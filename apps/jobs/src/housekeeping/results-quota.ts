import { isTerminal } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { type App, counter, gauge, type Logger } from '@almanac/service';
import type { IndexedResult, ResultIndex } from '@almanac/store';
import type { Chore } from './housekeeping.ts';

const EVERY_MS = 5000;
const PAGE = 100;
/** Part of the quota that is left after a cleanup, so that the next result does not start another. */
const DOWN_TO = 0.95;

interface QuotaOptions {
  index: ResultIndex;
  jobs: Pick<JobQueue, 'getAll'>;
  quotaBytes: number;
  metrics: App['metrics'];
  logger: Pick<Logger, 'info' | 'warn'>;
}

/** Keeps the results of all jobs within a quota in bytes by deleting the oldest. Results of open jobs are kept. */
export function resultsQuota({ index, jobs, quotaBytes, metrics, logger }: QuotaOptions): Chore {
  gauge(metrics, 'results_bytes', async function () {
    const bytes = await index.bytes().catch(() => undefined);
    if (bytes !== undefined) this.set(bytes);
  });
  const evicted = counter(metrics, 'results_evicted_total');
  return {
    name: 'quota of results',
    everyMs: EVERY_MS,
    async run() {
      let bytes = await index.settle();
      if (bytes <= quotaBytes) return;
      const before = bytes;
      let count = 0;
      for (let offset = 0; bytes > quotaBytes * DOWN_TO; ) {
        const page = await index.oldest(offset, PAGE);
        if (page.length === 0) break;
        const names = await firstOf(await ofEndedJobs(page), bytes - quotaBytes * DOWN_TO);
        if (names.length > 0) bytes = await index.evict(names);
        count += names.length;
        offset += page.length - names.length;
      }
      evicted.inc(count);
      logger.info(
        { evicted: count, freedBytes: before - bytes, bytes, quotaBytes },
        'results exceeded their quota; oldest results deleted',
      );
      if (bytes > quotaBytes) logger.warn({ bytes, quotaBytes }, 'results of open jobs exceed the quota');
    },
  };

  async function ofEndedJobs(page: readonly IndexedResult[]): Promise<string[]> {
    const found = await jobs.getAll(page.map(({ jobId }) => jobId));
    return page.flatMap(({ name }, i) => (found[i] === undefined || isTerminal(found[i].status) ? [name] : []));
  }

  /** The first names whose results together have this many bytes. */
  async function firstOf(names: readonly string[], bytes: number): Promise<string[]> {
    const sizes = await index.sizes(names);
    let freed = 0;
    return names.filter((_, i) => {
      const isNeeded = freed < bytes;
      freed += sizes[i] ?? 0;
      return isNeeded;
    });
  }
}
