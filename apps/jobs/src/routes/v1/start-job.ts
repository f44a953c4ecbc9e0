import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findExternalJob, LeasedJobBody, leasedJobBody, notWaiting } from '../../external/external-job.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

export const startJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases }) => {
  app.post(
    '/v1/jobs/:id/start',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'startJob',
        summary: 'Start a job whose id a worker took from the list of its queue',
        description: describe(['For workers that take ids with Python’s HotQueue or any Redis client.'], `-X POST ${JOB_URL}/start`),
        params: JobParams,
        response: { 200: LeasedJobBody, default: problemResponse },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const claimed = await leases.claim(process.queue, job.id, process.leaseMs);
      if (claimed === undefined || claimed === 'taken') throw notWaiting(await jobs.get(job.id), job.id);
      return leasedJobBody(claimed, process);
    },
  );
};
