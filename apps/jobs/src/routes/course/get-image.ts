import { ProblemError } from '@almanac/domain';
import { lastValues } from '@almanac/profiles';
import { courseResponses, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { CourseContext } from './context.ts';
import { sendPng } from './replies.ts';
import { DatasetQuery } from './schemas.ts';

export const getImage: FastifyPluginAsyncTypebox<CourseContext> = async (app, { courseJobs, images }) => {
  app.get(
    '/image',
    {
      schema: {
        tags: ['course'],
        querystring: DatasetQuery,
        operationId: 'courseGetImage',
        summary: 'Get the picture of the data set',
        response: courseResponses('png'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const dataset = courseJobs.datasetOf(lastValues(request.query), {});
      const png = await images.read(dataset);
      if (png === undefined) throw new ProblemError('unknown-result', `There is no image of data set '${dataset}'. POST /image draws it.`);
      return sendPng(reply.header('cache-control', 'no-cache'), dataset, png);
    },
  );
};
