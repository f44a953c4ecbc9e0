import { jobLimits } from '@almanac/domain';
import { JobLeases, type ServerWatch } from '@almanac/job-queue';
import type { CourseSettings } from '@almanac/profiles';
import { type App, createApp, finishBody, type Logger, type ReadinessCheck } from '@almanac/service';
import type { ImageStore } from '@almanac/store';
import type { Redis } from 'ioredis';
import manifest from '../package.json' with { type: 'json' };
import type { Context } from './context.ts';
import { ProcessRegistry } from './external/process-registry.ts';
import { shutdownSignal } from './follow/abort-signals.ts';
import { Slots } from './follow/slots.ts';
import type { Chore } from './housekeeping/housekeeping.ts';
import { RecordsQuota } from './housekeeping/records-quota.ts';
import { queueMetrics, serverMetrics } from './queue-metrics.ts';
import { courseRoutes } from './routes/course/index.ts';
import { cancelJob } from './routes/v1/cancel-job.ts';
import { failJob } from './routes/v1/fail-job.ts';
import { finishJob } from './routes/v1/finish-job.ts';
import { followJob } from './routes/v1/follow-job.ts';
import { followJobs } from './routes/v1/follow-jobs.ts';
import { getJob } from './routes/v1/get-job.ts';
import { getProcess } from './routes/v1/get-process.ts';
import { getResult } from './routes/v1/get-result.ts';
import { getResults } from './routes/v1/get-results.ts';
import { listJobs } from './routes/v1/list-jobs.ts';
import { listProcesses } from './routes/v1/list-processes.ts';
import { patchProgress } from './routes/v1/patch-progress.ts';
import { putResult } from './routes/v1/put-result.ts';
import { registerProcess } from './routes/v1/register-process.ts';
import { removeProcess } from './routes/v1/remove-process.ts';
import { resubmitJob } from './routes/v1/resubmit-job.ts';
import { reviveJob } from './routes/v1/revive-job.ts';
import { reviveJobs } from './routes/v1/revive-jobs.ts';
import { startJob } from './routes/v1/start-job.ts';
import { submitJob } from './routes/v1/submit-job.ts';
import { takeJob } from './routes/v1/take-job.ts';
import { Admission, type Limits } from './submit/admission.ts';
import { JobIntake } from './submit/job-intake.ts';

/** The routes under /v1, in the order of the API's documents. */
const routes = [
  submitJob,
  listJobs,
  getJob,
  followJob,
  followJobs,
  cancelJob,
  resubmitJob,
  reviveJob,
  reviveJobs,
  getResults,
  getResult,
  listProcesses,
  getProcess,
  registerProcess,
  removeProcess,
  takeJob,
  startJob,
  patchProgress,
  finishJob,
  failJob,
  putResult,
];

export interface JobsOptions extends Pick<Context, 'jobs' | 'catalogue' | 'results'>, Partial<Pick<Context, 'durability'>> {
  /** Redis of the queue */
  redis: Redis;
  images: ImageStore;
  /** reports how the queue's Redis is set up; its findings never stop the service */
  server?: ServerWatch;
  limits?: Limits;
  /** quota for the records of all jobs, in bytes */
  recordsBytes?: number;
  /** called with each task that is to run regularly */
  onHousekeeping?: (chore: Chore) => void;
  /** called once with each queue, when it is first met */
  onQueue?: (queue: string) => void;
  course: CourseSettings;
  checks?: Readonly<Record<string, ReadinessCheck>>;
  /** reported at /readyz without deciding it */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  logger?: Logger;
}

/** The service that accepts jobs, reports their status and returns their results. */
export async function buildApp(options: JobsOptions): Promise<App> {
  const { checks = {}, neighbours = {}, logger, images, server, course } = options;
  const app = await createApp({
    service: 'jobs',
    version: manifest.version,
    description: 'Accepts jobs, for example plots of a data set, reports their status and returns their results.',
    ...(logger === undefined ? {} : { logger }),
    checks,
    neighbours: { ...neighbours, ...(server === undefined ? {} : { queueServer: server.check }) },
    contracts: { queue: 1, store: 1 },
  });
  await app.register(finishBody);
  if (server !== undefined) serverMetrics(app, server);
  const context = contextOf(app, options);
  refreshProcesses(app, context.registry);
  for (const route of routes) await app.register(route, context);
  await app.register(courseRoutes, { ...context, images, course });
  return app;
}

function contextOf(app: App, options: JobsOptions): Context {
  const { jobs, catalogue, results, redis, limits = { depth: 10_000 }, durability = 'memory', onQueue, onHousekeeping } = options;
  const quotaBytes = options.recordsBytes ?? jobLimits.recordsMB.value * 1e6;
  const records = new RecordsQuota({ jobs, quotaBytes, metrics: app.metrics, logger: app.log });
  onHousekeeping?.(records);
  return {
    jobs,
    catalogue,
    results,
    intake: new JobIntake(jobs, results, queueMetrics(app, jobs), new Admission(jobs, redis, limits), records),
    registry: new ProcessRegistry(redis, jobs, onQueue),
    leases: new JobLeases(redis),
    durability,
    waits: new Slots(jobLimits.waiting, 'Too many requests wait for jobs'),
    streams: new Slots(jobLimits.streams, 'Too many event streams of jobs are open'),
    closing: shutdownSignal(app),
  };
}

/** Keeps the list of registered processes up to date, so that each request finds the jobs of all of them. */
function refreshProcesses(app: App, registry: ProcessRegistry): void {
  app.addHook('onRequest', (_request, _reply, done) => {
    if (registry.isFresh) done();
    else
      registry.refresh().then(
        () => done(),
        () => done(),
      );
  });
}
