import { Job } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';

/** A job's id in a path: any text, because what is no id simply names no job (404, not 400). */
export const JobParams = Type.Object({
  id: Type.String({ description: 'the job’s id', examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }),
});

export const getJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.get(
    '/v1/jobs/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getJob',
        summary: 'Get a job’s record: status, progress, results',
        description: '```\ncurl http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324\n```',
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
