import { type Job, ProblemError, unknownJob, type Where, whereToQuery } from '@almanac/domain';
import type { JobQueue, LeasedJob } from '@almanac/job-queue';
import { type ExternalProcess, isExternal, type Process } from '@almanac/processes';
import { type Static, Type } from 'typebox';
import { findJob } from '../job-lookup.ts';
import type { ProcessRegistry } from './process-registry.ts';

/** The response to a worker that takes a job. */
export const LeasedJobBody = Type.Object({
  id: Type.String(),
  token: Type.String({ description: 'secret that every request about the job must send in the header Worker-Token' }),
  leaseSeconds: Type.Number({ description: 'seconds without a progress report after which another worker gets the job' }),
  attempt: Type.Integer(),
  process: Type.String(),
  inputs: Type.Record(Type.String(), Type.Unknown()),
  outputs: Type.Array(Type.String()),
  dataset: Type.Object({ id: Type.String(), version: Type.String(), digest: Type.String() }),
  data: Type.Object(
    { href: Type.String(), csv: Type.String() },
    { description: 'paths of the records of the job, in its version: as JSON lines and as CSV' },
  ),
});

/** A leased job as the response to its worker. */
export function leasedJobBody({ job, token }: LeasedJob, { leaseMs }: ExternalProcess): Static<typeof LeasedJobBody> {
  const { id, attempts, process, inputs, outputs, dataset } = job;
  const rows = whereToQuery((inputs.where ?? {}) as Where);
  const href = (format: string): string => {
    const query = new URLSearchParams([['f', format], ['limit', 'all'], ['version', dataset.version], ...rows]);
    return `/v1/datasets/${encodeURIComponent(dataset.id)}/records?${query}`;
  };
  const data = { href: href('ndjson'), csv: href('csv') };
  return { id, token, leaseSeconds: leaseMs / 1000, attempt: attempts.length, process, inputs, outputs, dataset, data };
}

/** Throws 409 for a process of Almanac itself: other workers must not take its jobs. */
export function requireExternal(process: Process): ExternalProcess {
  if (isExternal(process)) return process;
  throw new ProblemError('conflict', `Process '${process.id}' is part of Almanac. Only the renderer takes its jobs.`);
}

/** The job with this id and its registered process. */
export async function findExternalJob(
  jobs: JobQueue,
  registry: ProcessRegistry,
  id: string,
): Promise<{ job: Job; process: ExternalProcess }> {
  const job = await findJob(jobs, id);
  return { job, process: requireExternal(await registry.get(job.process)) };
}

export const leaseLost = (id: string) =>
  new ProblemError(
    'conflict',
    `Job ${id} is not leased under this token: the lease expired, or the job was cancelled or has ended. Take another job.`,
  );

export const notWaiting = (job: Job | undefined, id: string): ProblemError =>
  job === undefined ? unknownJob(id) : new ProblemError('conflict', `Job ${id} is '${job.status}'. Only a waiting job can be started.`);
