import type { Job } from '@almanac/domain';
import type { JobContext, Outcome } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import type { DrawPool } from '../draw/pool.ts';
import type { QueryClient } from '../query-client.ts';

/** What the processes of this service work with. */
export interface Tools {
  query: QueryClient;
  pool: Pick<DrawPool, 'run'>;
  results: Pick<ResultStore, 'save'>;
}

/** Does one kind of job: reads rows, computes, saves its results under the attempt's token. */
export type ProcessHandler = (job: Job, context: JobContext, tools: Tools) => Promise<Outcome>;
