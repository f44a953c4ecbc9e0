import type { JobLeases, JobQueue } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import type { Acceptance } from './acceptance.ts';
import type { Catalogue } from './catalogue.ts';
import type { ProcessRegistry } from './process-registry.ts';
import type { Slots } from './slots.ts';

/** What the routes work with. */
export interface Context {
  jobs: JobQueue;
  catalogue: Catalogue;
  results: Pick<ResultStore, 'about' | 'read' | 'readPart' | 'sink' | 'size'>;
  acceptance: Acceptance;
  registry: ProcessRegistry;
  leases: JobLeases;
  /** places for requests that wait for a job */
  waits: Slots;
}
