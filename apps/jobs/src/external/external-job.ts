import { type Job, ProblemError, unknownJob, type Where, whereToQuery } from '@almanac/domain';
import type { JobQueue, LeasedJob } from '@almanac/job-queue';
import { type ExternalProcess, isExternal, type Process } from '@almanac/processes';
import { type Static, Type } from 'typebox';
import { findJob } from '../job-lookup.ts';
import type { ProcessRegistry } from './process-registry.ts';

/** What a worker is given. */
export const LeasedJobBody = Type.Object({
  id: Type.String(),
  token: Type.String({ description: 'secret; each call about the job sends it in the header Worker-Token' }),
  leaseSeconds: Type.Number({ description: 'silence longer than this gives the job to another; progress renews it' }),
  attempt: Type.Integer(),
  process: Type.String(),
  inputs: Type.Record(Type.String(), Type.Unknown()),
  outputs: Type.Array(Type.String()),
  dataset: Type.Object({ id: Type.String(), version: Type.String(), digest: Type.String() }),
  data: Type.Object(
    { href: Type.String(), csv: Type.String() },
    { description: 'the records the job is about, pinned to its version: as JSON lines, as CSV' },
  ),
});

/** A job as its worker is given it. */
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

/** Throws 409 for a process that Almanac works itself: nobody else may take its jobs here. */
export function requireExternal(process: Process): ExternalProcess {
  if (isExternal(process)) return process;
  throw new ProblemError('conflict', `Process '${process.id}' is one of Almanac's own; its jobs are not handed out.`);
}

/** The job and the process that registered for it. */
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
    `Job ${id} is not held under this token: its lease ran out, it was cancelled or it has ended. Take another.`,
  );

export const notWaiting = (job: Job | undefined, id: string): ProblemError =>
  job === undefined ? unknownJob(id) : new ProblemError('conflict', `Job ${id} does not wait for a worker: it is '${job.status}'.`);
