import { type Job, ProblemError } from '@almanac/domain';
import { type JobContext, JobWorker, type Outcome } from '@almanac/job-queue';
import type { Logger } from '@almanac/service';
import type { Redis } from 'ioredis';
import type { Counts } from './counts.ts';
import type { Tools } from './processes/process-handler.ts';
import { handlers } from './processes/registry.ts';

export interface WorkerOptions {
  redis: Redis;
  /** a separate connection on which the worker waits for jobs */
  blocking: Redis;
  tools: Tools;
  /** number of jobs at once: one for each drawing child */
  concurrency: number;
  logger: Logger;
  counts?: Counts | undefined;
  lostAfterMs?: number;
  blockSeconds?: number;
}

/** A worker that takes jobs from hotqueue:plot, runs them and reports their outcome. */
export const createWorker = ({ tools, logger, counts, ...options }: WorkerOptions): JobWorker =>
  new JobWorker({
    ...options,
    logger,
    queue: 'plot',
    handle: (job, context) =>
      handleJob(job, context, tools, logger).catch((error: unknown) => {
        if (!context.signal.aborted) counts?.jobGivenBack(error);
        throw error;
      }),
  });

async function handleJob(job: Job, context: JobContext, tools: Tools, logger: Logger): Promise<Outcome> {
  const log = logger.child({ job: job.id, requestId: job.requestId });
  const handle = handlers[job.process];
  if (handle === undefined) throw new ProblemError('unknown-process', `The renderer does not run process '${job.process}'.`);
  const began = performance.now();
  const outcome = await handle(job, context, tools);
  log.info({ process: job.process, dataset: job.dataset.id, ms: Math.round(performance.now() - began) }, 'job done');
  return outcome;
}
