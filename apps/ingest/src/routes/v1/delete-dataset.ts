import { DatasetId } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import { deleteDataset as deleteFromStore } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { checkPreconditions } from '../../load/precondition.ts';
import { checkPathId } from './dataset-id.ts';

export const deleteDataset: FastifyPluginAsyncTypebox<Context> = async (app, { redis }) => {
  app.delete(
    '/v1/datasets/:id',
    {
      preValidation: checkPathId,
      schema: {
        tags: ['data'],
        operationId: 'deleteDataset',
        summary: 'Delete a data set with all its versions',
        description: 'Succeeds if the data set does not exist.\n\n```\ncurl -X DELETE http://localhost:5000/v1/datasets/meteorites\n```',
        params: Type.Object({ id: DatasetId }),
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 204: Type.Null({ description: 'The data set does not exist any more' }), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const ifMatch = request.headers['if-match'];
      if (ifMatch !== undefined) await checkPreconditions(redis, id, { ifMatch, ifNoneMatch: undefined });
      const existed = await deleteFromStore(redis, id);
      if (existed) request.log.info({ dataset: id }, 'data set deleted');
      return reply.code(204).send(null);
    },
  );
};
