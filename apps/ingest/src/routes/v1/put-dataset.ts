import { DatasetId, LoadReport } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { loadRequestBody } from '../../load/load-body.ts';
import { checkPreconditions } from '../../load/precondition.ts';
import { checkPathId } from './dataset-id.ts';
import { BODY, fileBody, loadParameters } from './load-request.ts';

export const putDataset: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.put(
    '/v1/datasets/:id',
    {
      preValidation: checkPathId,
      schema: {
        tags: ['data'],
        operationId: 'putDataset',
        summary: 'Create or replace a data set',
        description: `${BODY}\n\n\`\`\`\ncurl -T Meteorite_Landings.csv -H 'Content-Type: text/csv' http://localhost:5000/v1/datasets/meteorites\n\`\`\`\n\nA replaced version stays readable for some time. \`If-Match: "<version>"\` replaces only that version, otherwise the response is 412. \`If-None-Match: *\` only creates.`,
        params: Type.Object({ id: DatasetId }),
        ...fileBody,
        querystring: Type.Object(loadParameters, { additionalProperties: false }),
        response: { 200: ref('LoadReport', LoadReport), 201: ref('LoadReport', LoadReport), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { key, title, f, filename } = request.query;
      const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
      const ifVersion = await checkPreconditions(context.redis, id, { ifMatch, ifNoneMatch });
      const { report, created } = await loadRequestBody(app, request, context, { dataset: id, key, title, f, filename, ifVersion });
      if (created) reply.header('location', `/v1/datasets/${id}`);
      return reply
        .code(created ? 201 : 200)
        .header('etag', `"${report.version}"`)
        .send(report);
    },
  );
};
