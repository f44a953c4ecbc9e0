import { callerOf, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { streamJob } from '../../follow/stream-job.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { eventStreamResponse } from './event-stream-response.ts';
import { JobParams } from './params.ts';

export const followJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, streams, closing }) => {
  app.get(
    '/v1/jobs/:id/events',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'followJob',
        summary: 'Follow a job: its record now and after each change, until it has ended',
        description: describe([], `-N ${JOB_URL}/events`),
        params: JobParams,
        response: { 200: eventStreamResponse, default: problemResponse },
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request.params.id);
      const release = streams.take(callerOf(request.raw));
      streamJob(jobs, job, reply, closing).atEnd(release);
    },
  );
};
