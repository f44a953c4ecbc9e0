import { callerOf, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { JobFeed } from '../../follow/job-feed.ts';
import { streamJobs } from '../../follow/stream-jobs.ts';
import { describe } from '../describe.ts';
import { eventStreamResponse } from './event-stream-response.ts';
import { datasetFilter, processFilter } from './params.ts';

export const followJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, streams, closing }) => {
  const feed = new JobFeed(jobs);
  app.get(
    '/v1/jobs/events',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'followJobs',
        summary: 'Follow all jobs: those that are open now, and every later change',
        description: describe(
          ['Large members of a record are left out and named in `omitted`; GET /v1/jobs/{id} returns them.'],
          '-N "http://localhost:5000/v1/jobs/events?dataset=meteorites"',
        ),
        querystring: Type.Object({ ...processFilter, ...datasetFilter }, { additionalProperties: false }),
        response: { 200: eventStreamResponse, default: problemResponse },
      },
    },
    async (request, reply) => {
      const release = streams.take(callerOf(request.raw));
      try {
        (await streamJobs({ jobs, feed }, request.query, reply, closing)).atEnd(release);
      } catch (error) {
        release();
        throw error;
      }
    },
  );
};
