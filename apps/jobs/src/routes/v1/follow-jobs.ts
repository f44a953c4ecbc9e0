import type { Job } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TUnsafe, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { jobNamed } from '../../ended.ts';
import { followAll, followJob } from '../../event-stream.ts';
import { closingOf } from '../../waiting.ts';
import { JobParams } from './get-job.ts';

const events = {
  description:
    'Server-sent events: `status` while it waits, `progress`, `result` once it has ended; each with the whole record as data. After a reconnect the present record comes again.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
} as unknown as TUnsafe<undefined>;

export const followJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  const closing = closingOf(app);

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
      const job = await jobNamed(jobs, request.params.id);
      followJob(jobs, job, reply, closing);
    },
  );

  app.get(
    '/v1/jobs/events',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'followJobs',
        summary: 'Follow all jobs: those that are open now, and every change from then on',
        description: '```\ncurl -N "http://localhost:5000/v1/jobs/events?dataset=meteorites"\n```',
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
      const { process, dataset } = request.query;
      const isMeant = (job: Job) => (process ?? job.process) === job.process && (dataset ?? job.dataset.id) === job.dataset.id;
      await followAll(jobs, isMeant, reply, closing);
    },
  );
};
