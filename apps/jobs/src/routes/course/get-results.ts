import { routesAt } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { courseResultsView } from '../../dialect/course-job-view.ts';
import { findJob } from '../../job-lookup.ts';
import type { CourseContext } from './context.ts';
import { jobSchema, sendJson, sendUnfinished, withoutResult } from './replies.ts';

export const getResults: FastifyPluginAsyncTypebox<CourseContext> = async (app, { jobs }) => {
  const route = {
    method: 'GET',
    schema: {
      ...jobSchema,
      summary: 'Get the results of a job and the path of its picture',
      description: 'Returns 202 with a message if the job is not finished, and the reason if it failed.',
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const job = await findJob(jobs, (request.params as { id: string }).id);
      if (job.status === 'complete') return sendJson(reply, 200, courseResultsView(job, request.prefix));
      if (job.status === 'failed' || job.status === 'cancelled') return sendJson(reply, 200, withoutResult(job));
      return sendUnfinished(reply, job);
    },
  };
  for (const one of routesAt(route, { '/jobs/:id/results': 'courseGetJobResults', '/results/:id': 'courseGetResults' })) app.route(one);
};
