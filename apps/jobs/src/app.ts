import type { CourseSettings } from '@almanac/profiles';
import { type App, createApp, type Logger, type ReadinessCheck } from '@almanac/service';
import type { ImageStore } from '@almanac/store';
import { Acceptance } from './acceptance.ts';
import type { Context } from './context.ts';
import { queueMetrics } from './queue-metrics.ts';
import { courseRoutes } from './routes/course/index.ts';
import { getJob } from './routes/v1/get-job.ts';
import { getProcess } from './routes/v1/get-process.ts';
import { getResult } from './routes/v1/get-result.ts';
import { getResults } from './routes/v1/get-results.ts';
import { listJobs } from './routes/v1/list-jobs.ts';
import { listProcesses } from './routes/v1/list-processes.ts';
import { submitJob } from './routes/v1/submit-job.ts';

export const version = '0.1.0';

export interface JobsOptions extends Omit<Context, 'acceptance'> {
  images: ImageStore;
  course: CourseSettings;
  checks?: Readonly<Record<string, ReadinessCheck>>;
  logger?: Logger;
}

/** Accepts jobs that are sure to make sense, tells how they are, and hands out what they made. */
export async function buildApp({ checks = {}, logger, images, course, ...given }: JobsOptions): Promise<App> {
  const app = await createApp({
    service: 'jobs',
    version,
    description: 'Takes jobs, for example plots of a data set, tells how they are and gives their results.',
    ...(logger === undefined ? {} : { logger }),
    checks,
    contracts: { queue: 1, store: 1 },
  });
  const acceptance = new Acceptance(given.jobs, given.results, queueMetrics(app, given.jobs));
  const context: Context = { ...given, acceptance };
  await app.register(submitJob, context);
  await app.register(listJobs, context);
  await app.register(getJob, context);
  await app.register(getResults, context);
  await app.register(getResult, context);
  await app.register(listProcesses);
  await app.register(getProcess);
  await app.register(courseRoutes, { ...context, images, course });
  return app;
}
