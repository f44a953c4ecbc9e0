import { readLimits } from '@almanac/domain';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { chooseFormat } from '../../http/media-types.ts';
import { type RawQuery, readRecordsQuery } from '../../records/parameters.ts';
import { queryOf, SearchBody } from '../../records/search-body.ts';
import { sendRecords } from '../../records/send-records.ts';
import { RecordsQuerystring } from './get-records.ts';
import { DatasetParams, recordsResponses } from './schemas.ts';

/** Reads records by a filter that is too long for a URL. It changes nothing, so it needs no write token. */
export const searchRecords: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.post(
    '/v1/datasets/:id/search',
    {
      bodyLimit: readLimits.searchBytes.value,
      schema: {
        tags: ['data'],
        operationId: 'searchRecords',
        summary: 'Find records by a filter in the body: lists of values that are too long for a URL',
        description:
          'Returns what GET …/records returns. Parameters in the URL (limit, offset, fields, version, f, shape, count, filters) win over the body, so the `next` link continues with the same body.\n```\ncurl --json \'{"where":{"recclass":["L6","H5"]},"fields":["name","year"]}\' http://localhost:5000/v1/datasets/meteorites/search\n```',
        params: DatasetParams,
        querystring: RecordsQuerystring,
        body: SearchBody,
        response: recordsResponses,
      },
      // The body is checked by queryOf, whose messages name limit and value.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const query = readRecordsQuery({ ...queryOf(request.body), ...(request.query as RawQuery) });
      const format = chooseFormat(query.f, request.headers.accept);
      // A tag names what a URL returns; here the body decides, too.
      delete request.headers['if-none-match'];
      await sendRecords(context, request, reply, { id: request.params.id, query, format });
      return reply;
    },
  );
};
