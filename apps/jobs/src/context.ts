import type { JobLeases, JobQueue } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import type { ProcessRegistry } from './external/process-registry.ts';
import type { Slots } from './follow/slots.ts';
import type { Catalogue } from './submit/catalogue.ts';
import type { JobIntake } from './submit/job-intake.ts';

/** What the routes work with. */
export interface Context {
  jobs: JobQueue;
  catalogue: Catalogue;
  results: Pick<ResultStore, 'about' | 'read' | 'readPart' | 'sink' | 'size'>;
  intake: JobIntake;
  registry: ProcessRegistry;
  leases: JobLeases;
  /** places for requests that wait for a job */
  waits: Slots;
}
