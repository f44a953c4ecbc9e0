import { isTerminal, Job } from '@almanac/domain';
import { callerOf, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { JobParams } from './get-job.ts';

/** A running job is let go by its worker within some milliseconds; who cancels it hears of its end. */
const WAIT_MS = 2000;

export const cancelJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, waits }) => {
  app.delete(
    '/v1/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'cancelJob',
        summary: 'Cancel a job',
        description:
          'One that waits is cancelled at once; of one that runs, the work is stopped. An ended job stays as it is. Repeats answer the same.\n\n```\ncurl -X DELETE http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324\n```',
        params: JobParams,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request.params.id);
      reply.header('cache-control', 'no-cache');
      if (isTerminal(job.status)) return job;
      await jobs.cancel(job.id);
      const give = waits.tryTake(callerOf(request.raw));
      return (await jobs.waitFor(job.id, give === undefined ? 0 : WAIT_MS).finally(give)) ?? job;
    },
  );
};
