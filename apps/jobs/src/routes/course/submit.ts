import { courseResponses, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { CourseContext } from './context.ts';
import { sendText } from './replies.ts';
import { MAX_BYTES, submitSchema } from './schemas.ts';

export const submit: FastifyPluginAsyncTypebox<CourseContext> = async (app, { courseJobs }) => {
  app.post(
    '/submit',
    {
      schema: {
        ...submitSchema,
        operationId: 'courseSubmit',
        summary: 'Submit a job; the response is a sentence',
        response: courseResponses('text'),
      },
      validatorCompiler: skipValidation,
      bodyLimit: MAX_BYTES,
    },
    async (request, reply) => sendText(reply, `Job ${(await courseJobs.accept(request)).id} successfully submitted`),
  );
};
