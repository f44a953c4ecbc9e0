import { jobLimits } from '@almanac/domain';
import { type Durability, JobLeases, type ServerWatch } from '@almanac/job-queue';
import type { CourseSettings } from '@almanac/profiles';
import { type App, createApp, finishBody, type Logger, type ReadinessCheck } from '@almanac/service';
import type { ImageStore } from '@almanac/store';
import type { Redis } from 'ioredis';
import type { Context } from './context.ts';
import { ProcessRegistry } from './external/process-registry.ts';
import { Slots } from './follow/slots.ts';
import type { Chore } from './housekeeping/housekeeping.ts';
import { RecordsQuota } from './housekeeping/records-quota.ts';
import { queueMetrics, serverMetrics } from './queue-metrics.ts';
import { courseRoutes } from './routes/course/index.ts';
import { cancelJob } from './routes/v1/cancel-job.ts';
import { followJobs } from './routes/v1/follow-jobs.ts';
import { getJob } from './routes/v1/get-job.ts';
import { getProcess } from './routes/v1/get-process.ts';
import { getResult } from './routes/v1/get-result.ts';
import { getResults } from './routes/v1/get-results.ts';
import { listJobs } from './routes/v1/list-jobs.ts';
import { listProcesses } from './routes/v1/list-processes.ts';
import { putResult } from './routes/v1/put-result.ts';
import { registerProcess } from './routes/v1/register-process.ts';
import { resubmitJob } from './routes/v1/resubmit-job.ts';
import { reviveJobs } from './routes/v1/revive-jobs.ts';
import { submitJob } from './routes/v1/submit-job.ts';
import { takeJob } from './routes/v1/take-job.ts';
import { workJob } from './routes/v1/work-job.ts';
import { Admission, type Limits } from './submit/admission.ts';
import { JobIntake } from './submit/job-intake.ts';

export const version = '0.1.0';

export interface JobsOptions extends Omit<Context, 'intake' | 'leases' | 'registry' | 'waits'> {
  /** of the queue */
  redis: Redis;
  images: ImageStore;
  /** how the queue's server is set up; reported, and decides nothing */
  server?: ServerWatch;
  limits?: Limits;
  /** bytes of all job records together */
  recordsBytes?: number;
  /** told of what is to be done from time to time */
  onHousekeeping?: (chore: Chore) => void;
  durability?: Durability;
  /** told of every queue once, when it is first met */
  onQueue?: (queue: string) => void;
  course: CourseSettings;
  checks?: Readonly<Record<string, ReadinessCheck>>;
  /** reported at /readyz without deciding it */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  logger?: Logger;
}

/** Accepts jobs that are sure to make sense, tells how they are, and hands out what they made. */
export async function buildApp(options: JobsOptions): Promise<App> {
  const {
    checks = {},
    neighbours = {},
    logger,
    images,
    server,
    course,
    redis,
    limits = { depth: 10_000 },
    recordsBytes = jobLimits.recordsMB.value * 1e6,
    onHousekeeping = () => {},
    durability = 'memory',
    onQueue,
    ...given
  } = options;
  const app = await createApp({
    service: 'jobs',
    version,
    description: 'Takes jobs, for example plots of a data set, tells how they are and gives their results.',
    ...(logger === undefined ? {} : { logger }),
    checks,
    neighbours: { ...neighbours, ...(server === undefined ? {} : { queueServer: server.check }) },
    contracts: { queue: 1, store: 1 },
  });
  await app.register(finishBody);
  if (server !== undefined) serverMetrics(app, server);
  const registry = new ProcessRegistry(redis, given.jobs, onQueue);
  const admission = new Admission(given.jobs, redis, limits);
  const records = new RecordsQuota({ jobs: given.jobs, quotaBytes: recordsBytes, metrics: app.metrics, logger: app.log });
  onHousekeeping(records);
  const intake = new JobIntake(given.jobs, given.results, queueMetrics(app, given.jobs), admission, records);
  const waits = new Slots(jobLimits.waiting, 'Too many requests wait for jobs');
  const context: Context = { ...given, intake, registry, leases: new JobLeases(redis), waits };
  // A job of a registered process is found from the first request on.
  app.addHook('onRequest', (_request, _reply, done) => {
    if (registry.isFresh) done();
    else
      registry.refresh().then(
        () => done(),
        () => done(),
      );
  });
  await app.register(submitJob, { ...context, durability });
  await app.register(listJobs, context);
  await app.register(getJob, context);
  await app.register(followJobs, context);
  await app.register(cancelJob, context);
  await app.register(resubmitJob, context);
  await app.register(reviveJobs, context);
  await app.register(getResults, context);
  await app.register(getResult, context);
  await app.register(listProcesses, context);
  await app.register(getProcess, context);
  await app.register(registerProcess, context);
  await app.register(takeJob, context);
  await app.register(workJob, context);
  await app.register(putResult, context);
  await app.register(courseRoutes, { ...context, images, course });
  return app;
}
