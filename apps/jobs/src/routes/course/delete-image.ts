import { lastValues } from '@almanac/profiles';
import { courseResponses, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { CourseContext } from './context.ts';
import { sendText } from './replies.ts';
import { DatasetQuery } from './schemas.ts';

export const deleteImage: FastifyPluginAsyncTypebox<CourseContext> = async (app, { courseJobs, images }) => {
  app.delete(
    '/image',
    {
      schema: {
        tags: ['course'],
        querystring: DatasetQuery,
        operationId: 'courseDeleteImage',
        summary: 'Delete the picture of the data set',
        response: courseResponses('text'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      await images.remove(courseJobs.datasetOf(lastValues(request.query), {}));
      return sendText(reply, 'Image deleted');
    },
  );
};
