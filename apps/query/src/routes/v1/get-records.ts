import { skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { answerRecords } from '../../records/answer-records.ts';
import { chooseFormat } from '../../records/media-types.ts';
import { DEFAULT_LIMIT, MAX_LIMIT, type RawQuery, readQuestion } from '../../records/parameters.ts';
import { DatasetParams, F, Fields, Filters, recordsResponses, Version } from './schemas.ts';

/** Parameters of every way to find records. */
export const RecordsQuery = Type.Object({
  limit: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: MAX_LIMIT }), Type.Literal('all')], {
      default: DEFAULT_LIMIT,
      description: 'records on a page, or all: every record, streamed',
    }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'records to pass over' })),
  fields: Type.Optional(Fields),
  version: Type.Optional(Version),
  f: Type.Optional(F),
  shape: Type.Optional(Type.Enum(['envelope', 'array'], { default: 'envelope', description: 'array: the bare list (JSON only)' })),
  count: Type.Optional(
    Type.Enum(['exact', 'none'], { default: 'exact', description: 'none: without numberMatched, how many there are in all' }),
  ),
  filters: Type.Optional(Filters),
});

export const getRecords: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.get(
    '/v1/datasets/:id/records',
    {
      schema: {
        tags: ['data'],
        operationId: 'getRecords',
        summary: 'Find records: filters, fields, limit, offset, as JSON, CSV, NDJSON or Arrow',
        description:
          '```\ncurl -g "http://localhost:5000/v1/datasets/meteorites/records?recclass=L6&year[gte]=2000&fields=name,year&limit=5"\n```',
        params: DatasetParams,
        querystring: RecordsQuery,
        response: recordsResponses,
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const question = readQuestion(request.query as RawQuery);
      const format = chooseFormat(question.f, request.headers.accept);
      await answerRecords(context, request, reply, { id: request.params.id, question, format });
      return reply;
    },
  );
};
