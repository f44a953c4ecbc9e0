import type { Durability, JobLeases, JobQueue } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import type { ProcessRegistry } from './external/process-registry.ts';
import type { Slots } from './follow/slots.ts';
import type { Catalogue } from './submit/catalogue.ts';
import type { JobIntake } from './submit/job-intake.ts';

/** What every route can use. */
export interface Context {
  jobs: JobQueue;
  catalogue: Catalogue;
  results: Pick<ResultStore, 'about' | 'read' | 'readPart' | 'sink' | 'size'>;
  intake: JobIntake;
  registry: ProcessRegistry;
  leases: JobLeases;
  /** how safe a job must be before its submission is confirmed, unless the client prefers otherwise */
  durability: Durability;
  /** places for requests that wait for a job */
  waits: Slots;
  /** places for event streams */
  streams: Slots;
  /** aborted when the service stops */
  closing: AbortSignal;
}
