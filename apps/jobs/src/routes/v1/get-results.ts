import { ResultLink } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { jobNamed, requireComplete } from '../../ended.ts';
import { JobParams } from './get-job.ts';

export const getResults: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.get(
    '/v1/jobs/:id/results',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getResults',
        summary: 'Get what a finished job made',
        description:
          'A job that is not finished answers 404 (`result-not-ready`) with Retry-After; a failed one the problem it failed with.\n\n```\ncurl http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results\n```',
        params: JobParams,
        response: {
          200: Type.Record(Type.String(), ResultLink, { description: 'name -> where it is, what it is, how many bytes' }),
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const job = await jobNamed(jobs, request.params.id);
      requireComplete(job);
      reply.header('cache-control', 'no-cache');
      return job.results;
    },
  );
};
