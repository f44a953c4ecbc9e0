import { ResultLink } from '@almanac/domain';
import { problemResponse, resultsAt, sendJsonText } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TUnsafe, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { jobNamed, requireComplete } from '../../ended.ts';
import { sendResult } from '../../send-result.ts';
import { JobParams } from './get-job.ts';
import { resultContent } from './get-result.ts';

export const getResults: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, results }) => {
  app.get(
    '/v1/jobs/:id/results',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getResults',
        summary: 'Get what a finished job made',
        description:
          'Of one result its bytes, of several where each is. A job that is not finished answers 404 (`result-not-ready`) with Retry-After; a failed one the problem it failed with.\n\n```\ncurl http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results\n```',
        params: JobParams,
        response: {
          200: {
            description: 'The one result, or name -> where it is, what it is, how many bytes',
            content: {
              ...resultContent,
              'application/json': { schema: Type.Record(Type.String(), ResultLink) },
            },
          } as unknown as TUnsafe<Buffer>,
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const job = await jobNamed(jobs, request.params.id);
      requireComplete(job);
      const [name, ...others] = Object.keys(job.results);
      if (name !== undefined && others.length === 0) return sendResult({ jobs, results }, job, name, request, reply, false);
      const links = resultsAt(job.results, request.prefix);
      return sendJsonText(reply.header('cache-control', 'no-cache'), JSON.stringify(links));
    },
  );
};
