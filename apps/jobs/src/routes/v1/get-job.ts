import { Job } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

export const getJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.get(
    '/v1/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getJob',
        summary: 'Get a job’s record: status, progress, results',
        description: describe([], JOB_URL),
        params: JobParams,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-cache');
      return findJob(jobs, request.params.id);
    },
  );
};
