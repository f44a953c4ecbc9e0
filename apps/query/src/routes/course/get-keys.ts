import { DatasetParameter, datasetAsked, lastValues } from '@almanac/profiles';
import { courseResponses, skipValidation } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Context, searchesOf } from '../../context.ts';
import type { CourseSets } from '../../dialect/course-sets.ts';
import { nameOf } from '../../dialect/dict-pieces.ts';
import { recordSet } from '../../dialect/record-set.ts';
import { itemPieces, sendPieces } from '../../dialect/send-response.ts';
import type { SearchRunner } from '../../searches.ts';

export const getKeys: FastifyPluginAsyncTypebox<{ context: Context; sets: CourseSets }> = async (app, { context, sets }) => {
  app.get(
    '/get-keys',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseGetKeys',
        summary: 'The ids of all records',
        querystring: Type.Object({ dataset: DatasetParameter }),
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const { copy } = await sets.general(datasetAsked(lastValues(request.query)));
      reply.header('cache-control', 'no-cache');
      const keys = copy === undefined ? [] : await keysOf(copy, searchesOf(context, request));
      sendPieces(context, request, reply, itemPieces({ items: keys, from: 0, to: keys.length }), { copy, places: undefined });
      return reply;
    },
  );
};

const keysOf = (copy: ReadCopy, searches: SearchRunner): Promise<string[]> =>
  recordSet(copy, searches).computed('keys', () => {
    const keys: string[] = [];
    return {
      row: (row) => {
        keys.push(nameOf(row, copy.schema.key, keys.length));
      },
      done: () => keys,
    };
  });
