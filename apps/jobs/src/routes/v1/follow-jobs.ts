import { jobLimits } from '@almanac/domain';
import { callerOf, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TUnsafe, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { shutdownSignal } from '../../follow/abort-signals.ts';
import { followAll, followJob } from '../../follow/follow.ts';
import { JobFeed } from '../../follow/job-feed.ts';
import { Slots } from '../../follow/slots.ts';
import { findJob } from '../../job-lookup.ts';
import { JobParams } from './get-job.ts';

const events = {
  description:
    'Server-sent events: `status` while it waits, `progress`, `result` once it has ended; each with the record as data. After a reconnect the present record comes again. A reader that does not keep up loses the stream.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
} as unknown as TUnsafe<undefined>;

export const followJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  const closing = shutdownSignal(app);
  const feed = new JobFeed(jobs);
  const streams = new Slots(jobLimits.streams, 'Too many event streams of jobs are open');

  app.get(
    '/v1/jobs/:id/events',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'followJob',
        summary: 'Follow a job: its record now and at each change, until it has ended',
        description: '```\ncurl -N http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/events\n```',
        params: JobParams,
        response: { 200: events, default: problemResponse },
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request.params.id);
      const give = streams.take(callerOf(request.raw));
      followJob(jobs, job, reply, closing).atEnd(give);
    },
  );

  app.get(
    '/v1/jobs/events',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'followJobs',
        summary: 'Follow all jobs: those that are open now, and every change from then on',
        description:
          'Members of a record that are large are left out and named in `omitted`; GET /v1/jobs/{id} has them.\n\n```\ncurl -N "http://localhost:5000/v1/jobs/events?dataset=meteorites"\n```',
        querystring: Type.Object(
          {
            process: Type.Optional(Type.String({ description: 'only jobs of this process', examples: ['plot'] })),
            dataset: Type.Optional(Type.String({ description: 'only jobs over this data set', examples: ['meteorites'] })),
          },
          { additionalProperties: false },
        ),
        response: { 200: events, default: problemResponse },
      },
    },
    async (request, reply) => {
      const give = streams.take(callerOf(request.raw));
      try {
        (await followAll({ jobs, feed }, request.query, reply, closing)).atEnd(give);
      } catch (error) {
        give();
        throw error;
      }
    },
  );
};
