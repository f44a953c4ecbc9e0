import { skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { chooseFormat } from '../../http/media-types.ts';
import { DEFAULT_LIMIT, MAX_LIMIT, type RawQuery, readRecordsQuery } from '../../records/parameters.ts';
import { sendRecords } from '../../records/send-records.ts';
import { DatasetParams, F, Fields, Filters, recordsResponses, Version } from './schemas.ts';

/** Query parameters of both routes that find records. */
export const RecordsQuerystring = Type.Object({
  limit: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: MAX_LIMIT }), Type.Literal('all')], {
      default: DEFAULT_LIMIT,
      description: 'records on a page, or all: every record, streamed',
    }),
  ),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'records to skip' })),
  fields: Type.Optional(Fields),
  version: Type.Optional(Version),
  f: Type.Optional(F),
  shape: Type.Optional(
    Type.Enum(['envelope', 'array'], { default: 'envelope', description: 'array: only the list of records (JSON only)' }),
  ),
  count: Type.Optional(
    Type.Enum(['exact', 'none'], { default: 'exact', description: 'none: omit numberMatched, the number of all matches' }),
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
        summary: 'Find records by filters, page by page or all, as JSON, CSV, NDJSON or Arrow',
        description:
          '```\ncurl -g "http://localhost:5000/v1/datasets/meteorites/records?recclass=L6&year[gte]=2000&fields=name,year&limit=5"\n```',
        params: DatasetParams,
        querystring: RecordsQuerystring,
        response: recordsResponses,
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const query = readRecordsQuery(request.query as RawQuery);
      const format = chooseFormat(query.f, request.headers.accept);
      await sendRecords(context, request, reply, { id: request.params.id, query, format });
      return reply;
    },
  );
};
