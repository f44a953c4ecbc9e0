import { type Job, ProblemError } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { courseResponses, courseSuccess, routesAt, sendJsonText } from '@almanac/service';
import type { ResultStore } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { courseJobView, courseResultsView } from '../../dialect/course-job-view.ts';
import { pictureOf } from '../../dialect/picture.ts';
import { findJob } from '../../job-lookup.ts';
import { JobParams } from '../v1/get-job.ts';

export interface FollowOptions {
  jobs: JobQueue;
  results: Pick<ResultStore, 'read'>;
}

export const follow: FastifyPluginAsyncTypebox<FollowOptions> = async (app, { jobs, results }) => {
  const named = (request: FastifyRequest): Promise<Job> => findJob(jobs, (request.params as { id: string }).id);
  const json = (reply: FastifyReply, status: number, value: unknown) =>
    sendJsonText(reply.header('cache-control', 'no-cache'), `${JSON.stringify(value)}\n`, status);
  const unfinished = (reply: FastifyReply, { id, status }: Job) =>
    json(reply, 202, { id, status, message: `Job ${id} is not finished: its status is ${status}.` });
  const schema = { tags: ['course'], params: JobParams, response: { ...courseResponses('json'), 202: courseSuccess('json') } };

  app.get(
    '/jobs/:id',
    { schema: { ...schema, operationId: 'courseGetJob', summary: 'A job’s status and what it was asked for' } },
    async (request, reply) => json(reply, 200, courseJobView(await named(request))),
  );

  const resultsRoute = {
    method: 'GET',
    schema: {
      ...schema,
      summary: 'What a job found out, and where its picture is',
      description: '202 with a message while it is not finished; of a failed one, the reason.',
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const job = await named(request);
      if (job.status === 'complete') return json(reply, 200, courseResultsView(job, request.prefix));
      if (job.status === 'failed' || job.status === 'cancelled') return json(reply, 200, whyNot(job));
      return unfinished(reply, job);
    },
  };
  for (const one of routesAt(resultsRoute, { '/jobs/:id/results': 'courseGetJobResults', '/results/:id': 'courseGetResults' }))
    app.route(one);

  app.get(
    '/download/:id',
    {
      schema: {
        ...schema,
        operationId: 'courseDownload',
        summary: 'A job’s picture as a file',
        response: { ...schema.response, 200: courseSuccess('png') },
      },
    },
    async (request, reply) => {
      const job = await named(request);
      if (job.status === 'failed' || job.status === 'cancelled') throw new ProblemError('unknown-result', whyNot(job).message);
      if (job.status !== 'complete') return unfinished(reply, job);
      const png = await pictureOf(job, { jobs, results });
      return reply
        .type('image/png')
        .header('content-disposition', `attachment; filename="${job.id}.png"`)
        .send(png as never);
    },
  );
};

const whyNot = ({ id, status, message }: Job): { id: string; status: string; message: string } => ({
  id,
  status,
  message: message ?? (status === 'cancelled' ? `Job ${id} was cancelled.` : `Job ${id} failed.`),
});
