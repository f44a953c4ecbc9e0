import { isTerminal, Job } from '@almanac/domain';
import { callerOf, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

/** A worker stops a cancelled job within milliseconds, so the response usually has its end. */
const WAIT_MS = 2000;

export const cancelJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, waits }) => {
  app.delete(
    '/v1/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'cancelJob',
        summary: 'Cancel a job',
        description: describe(
          [
            'Cancels a waiting job at once and stops a running one.',
            'An ended job does not change.',
            'The request can be repeated safely.',
          ],
          `-X DELETE ${JOB_URL}`,
        ),
        params: JobParams,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request.params.id);
      reply.header('cache-control', 'no-cache');
      if (isTerminal(job.status)) return job;
      await jobs.cancel(job.id);
      const release = waits.tryTake(callerOf(request.raw));
      return (await jobs.waitFor(job.id, release === undefined ? 0 : WAIT_MS).finally(release)) ?? job;
    },
  );
};
