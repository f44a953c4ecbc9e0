import { type App, createApp, type Logger, type ReadinessCheck } from '@almanac/service';
import type { Context } from './context.ts';
import { queueMetrics } from './queue-metrics.ts';
import { getJob } from './routes/v1/get-job.ts';
import { getProcess } from './routes/v1/get-process.ts';
import { getResult } from './routes/v1/get-result.ts';
import { getResults } from './routes/v1/get-results.ts';
import { listJobs } from './routes/v1/list-jobs.ts';
import { listProcesses } from './routes/v1/list-processes.ts';
import { submitJob } from './routes/v1/submit-job.ts';

export const version = '0.1.0';

export interface JobsOptions extends Context {
  checks?: Readonly<Record<string, ReadinessCheck>>;
  logger?: Logger;
}

/** Accepts jobs that are sure to make sense, tells how they are, and hands out what they made. */
export async function buildApp({ checks = {}, logger, ...context }: JobsOptions): Promise<App> {
  const app = await createApp({
    service: 'jobs',
    version,
    description: 'Takes jobs, for example plots of a data set, tells how they are and gives their results.',
    ...(logger === undefined ? {} : { logger }),
    checks,
    contracts: { queue: 1, store: 1 },
  });
  await app.register(submitJob, { ...context, submitted: queueMetrics(app, context.jobs) });
  await app.register(listJobs, context);
  await app.register(getJob, context);
  await app.register(getResults, context);
  await app.register(getResult, context);
  await app.register(listProcesses);
  await app.register(getProcess);
  return app;
}
