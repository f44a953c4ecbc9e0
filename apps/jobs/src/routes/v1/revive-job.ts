import { Job, ProblemError } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

export const reviveJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.post(
    '/v1/jobs/:id/revive',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'reviveJob',
        summary: 'Re-queue a failed or cancelled job under its own id',
        description: describe([], `-X POST ${JOB_URL}/revive`),
        params: JobParams,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { id, status } = await findJob(jobs, request.params.id);
      if ((await jobs.revive([id])).length === 0)
        throw new ProblemError('conflict', `Job ${id} is '${status}'. Only a failed or cancelled job can be revived.`);
      return findJob(jobs, id);
    },
  );
};
