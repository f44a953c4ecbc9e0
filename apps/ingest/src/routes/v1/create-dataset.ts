import { randomBytes } from 'node:crypto';
import { LoadReport, ProblemError } from '@almanac/domain';
import { datasetIdFromFile } from '@almanac/formats';
import { dispositionFilename, problemResponse, ref } from '@almanac/service';
import { readManifest } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { loadRequestBody } from '../../load/load-body.ts';
import { checkId } from './dataset-id.ts';
import { BODY, fileBody, loadParameters } from './load-request.ts';

export const createDataset: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.post(
    '/v1/datasets',
    {
      schema: {
        tags: ['data'],
        operationId: 'createDataset',
        summary: 'Create a data set and choose its id',
        description: `${BODY}\n\nThe id is \`id\`, or is made from \`name\` or the file name, or is random. An id that exists already gives 409.\n\n\`\`\`\ncurl --data-binary @Meteorite_Landings.csv 'http://localhost:5000/v1/datasets?id=meteorites'\n\`\`\``,
        ...fileBody,
        querystring: Type.Object(
          {
            id: Type.Optional(Type.String({ description: 'the id of the data set, as in URLs' })),
            name: Type.Optional(Type.String({ maxLength: 255, description: 'a title from which the id is made' })),
            ...loadParameters,
          },
          { additionalProperties: false },
        ),
        response: { 201: ref('LoadReport', LoadReport), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id, name, key, title, f } = request.query;
      const filename = request.query.filename ?? dispositionFilename(request.headers['content-disposition']);
      const dataset = id === undefined ? nameFor(name ?? filename) : checkId(id);
      if ((await readManifest(context.redis, dataset)) !== undefined) throw taken(dataset);
      const { report } = await loadRequestBody(app, request, context, { dataset, key, title: title ?? name, f, filename });
      return reply.code(201).header('location', `/v1/datasets/${dataset}`).header('etag', `"${report.version}"`).send(report);
    },
  );
};

const nameFor = (name: string | undefined): string =>
  name === undefined ? `dataset-${randomBytes(4).toString('hex')}` : datasetIdFromFile(name);

const taken = (dataset: string) =>
  new ProblemError('conflict', `Data set '${dataset}' already exists. PUT /v1/datasets/${dataset} replaces it; ?id= chooses another id.`);
