import { ProblemError } from '@almanac/domain';
import { Interrupted, isUnavailable } from '@almanac/job-queue';
import { counter, type Registry } from '@almanac/service';
import type { EndReason } from './draw/child-end.ts';

/** Why an attempt did not end its job: a service or a store is unavailable or full, or the drawing process was killed from outside. */
export type BackReason = 'service' | 'store' | 'killed';

/** Counts unexpected ends of drawing processes and attempts, by reason. */
export class Counts {
  readonly ended = new Map<EndReason, number>();
  readonly givenBack = new Map<BackReason, number>();

  childEnded = (reason: EndReason): void => add(this.ended, reason);

  /** Counts an error after which the job is retried, now or later. */
  jobGivenBack(error: unknown): void {
    if (error instanceof Interrupted) add(this.givenBack, 'killed');
    else if (isUnavailable(error)) add(this.givenBack, isOfService(error) ? 'service' : 'store');
  }

  register(registry: Registry): void {
    countByReason(registry, 'renderer_drawing_processes_ended_total', this.ended);
    countByReason(registry, 'renderer_jobs_given_back_total', this.givenBack);
  }
}

const isOfService = (error: unknown): boolean => error instanceof ProblemError && error.status < 504 && error.type !== 'store-unavailable';

const add = <K>(counts: Map<K, number>, reason: K): void => void counts.set(reason, (counts.get(reason) ?? 0) + 1);

type ByReason = 'renderer_drawing_processes_ended_total' | 'renderer_jobs_given_back_total';

function countByReason(registry: Registry, name: ByReason, counts: ReadonlyMap<string, number>): void {
  counter(registry, name, function () {
    this.reset();
    for (const [reason, count] of counts) this.inc({ reason }, count);
  });
}
