import { courseResponses, sendJsonText, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { submittedJobView } from '../../dialect/course-job-view.ts';
import type { CourseContext } from './context.ts';
import { MAX_BYTES, submitSchema } from './schemas.ts';

export const submitJob: FastifyPluginAsyncTypebox<CourseContext> = async (app, { courseJobs }) => {
  app.post(
    '/jobs',
    {
      schema: {
        ...submitSchema,
        operationId: 'courseSubmitJob',
        summary: 'Submit a job: a plot of some of the records',
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
      bodyLimit: MAX_BYTES,
    },
    async (request, reply) => {
      const job = submittedJobView(await courseJobs.accept(request));
      return sendJsonText(reply, `${JSON.stringify(job)}\n`);
    },
  );
};
