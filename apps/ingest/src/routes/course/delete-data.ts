import type { CourseSettings } from '@almanac/profiles';
import { deleteDataset } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { anythingGoes, courseResponses, datasetOf, Query } from './course-request.ts';

export const deleteData: FastifyPluginAsyncTypebox<{ context: Context; course: CourseSettings }> = async (app, { context, course }) => {
  for (const [path, operationId] of [
    ['/data', 'courseDeleteData'],
    ['/delete-data', 'courseDeleteDataAgain'],
  ] as const) {
    app.delete(
      path,
      {
        schema: {
          tags: ['course'],
          operationId,
          summary: 'Delete all records',
          description: 'The answer is the same where there were none.',
          querystring: Query,
          response: { ...courseResponses, 200: Type.String() },
        },
        validatorCompiler: anythingGoes,
      },
      async (request, reply) => {
        const dataset = datasetOf(request, course);
        if (await deleteDataset(context.redis, dataset)) request.log.info({ dataset }, 'deleted');
        return reply.type('text/plain; charset=utf-8').send('Data deleted\n');
      },
    );
  }
};
