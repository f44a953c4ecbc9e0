import { type CourseSettings, DatasetParameter } from '@almanac/profiles';
import { courseResponses, routesAt, skipValidation } from '@almanac/service';
import { deleteDataset } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { datasetOf } from './course-request.ts';

export const deleteData: FastifyPluginAsyncTypebox<{ context: Context; course: CourseSettings }> = async (app, { context, course }) => {
  const paths = { '/data': 'courseDeleteData', '/delete-data': 'courseDeleteDataAgain' };
  const route = {
    method: 'DELETE',
    schema: {
      tags: ['course'],
      summary: 'Delete all records',
      description: 'The response is the same if there are none.',
      querystring: Type.Object({ dataset: DatasetParameter }),
      response: courseResponses('text'),
    },
    validatorCompiler: skipValidation,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const dataset = datasetOf(request, course);
      if (await deleteDataset(context.redis, dataset)) request.log.info({ dataset }, 'data set deleted');
      return reply.type('text/plain; charset=utf-8').send('Data deleted\n');
    },
  };
  for (const one of routesAt(route, paths)) app.route(one);
};
