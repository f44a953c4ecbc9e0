import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { courseJobView } from '../../dialect/course-job-view.ts';
import { findJob } from '../../job-lookup.ts';
import type { CourseContext } from './context.ts';
import { jobSchema, sendJson } from './replies.ts';

export const getJob: FastifyPluginAsyncTypebox<CourseContext> = async (app, { jobs }) => {
  app.get(
    '/jobs/:id',
    { schema: { ...jobSchema, operationId: 'courseGetJob', summary: 'Get the status of a job and the members it was submitted with' } },
    async (request, reply) => sendJson(reply, 200, courseJobView(await findJob(jobs, request.params.id))),
  );
};
