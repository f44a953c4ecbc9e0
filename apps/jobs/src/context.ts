import type { JobQueue } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import type { Acceptance } from './acceptance.ts';
import type { Catalogue } from './catalogue.ts';

/** What the routes work with. */
export interface Context {
  jobs: JobQueue;
  catalogue: Catalogue;
  results: Pick<ResultStore, 'read'>;
  acceptance: Acceptance;
}
