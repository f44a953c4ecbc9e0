import { isTerminal } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { type App, counter, gauge, type Logger } from '@almanac/service';
import type { IndexedResult, ResultIndex } from '@almanac/store';
import type { Chore } from './housekeeping.ts';

const EVERY_MS = 5000;
const PAGE = 100;
/** Some room beside the quota, so that the next result does not begin it anew. */
const DOWN_TO = 0.95;

interface QuotaOptions {
  index: ResultIndex;
  jobs: Pick<JobQueue, 'getAll'>;
  quotaBytes: number;
  metrics: App['metrics'];
  logger: Pick<Logger, 'info' | 'warn'>;
}

/** Keeps the results of all jobs within a number of bytes: the oldest go before their time, those of jobs that have not ended stay. */
export function resultsQuota({ index, jobs, quotaBytes, metrics, logger }: QuotaOptions): Chore {
  gauge(metrics, 'results_bytes', async function () {
    const bytes = await index.bytes().catch(() => undefined);
    if (bytes !== undefined) this.set(bytes);
  });
  const evicted = counter(metrics, 'results_evicted_total');
  return {
    name: 'keeping results within their quota',
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
      logger.info({ evicted: count, freedBytes: before - bytes, bytes, quotaBytes }, 'the oldest results made room');
      if (bytes > quotaBytes) logger.warn({ bytes, quotaBytes }, 'results of jobs that have not ended are more than their quota');
    },
  };

  async function ofEndedJobs(page: readonly IndexedResult[]): Promise<string[]> {
    const found = await jobs.getAll(page.map(({ jobId }) => jobId));
    return page.flatMap(({ name }, i) => (found[i] === undefined || isTerminal(found[i].status) ? [name] : []));
  }

  /** As many as are needed to free so many bytes. */
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
