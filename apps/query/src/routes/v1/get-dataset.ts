import { Dataset, unknownDataset } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import { listDatasets, readManifest } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { QueryContext } from '../../app.ts';
import { recordFormats } from '../../formats/index.ts';
import { isUnchanged, versionTag } from '../../reading/conditional.ts';
import { describe } from '../../reading/describe.ts';
import { answerRecords } from './get-records.ts';

const schema = {
  operationId: 'getDataset',
  tags: ['data'],
  summary: 'Describe a data set; with .csv, .json or .ndjson at the end: the whole of it',
  description:
    'Columns with their types and the evidence for them, counts, version. With an extension every record comes, streamed:\n\n' +
    '    curl http://localhost:5000/v1/datasets/meteorites\n    curl -O http://localhost:5000/v1/datasets/meteorites.csv',
  params: Type.Object({
    id: Type.String({ description: 'name of the data set, or name and extension', examples: ['meteorites', 'meteorites.csv'] }),
  }),
  querystring: Type.Object(
    {},
    { additionalProperties: true, description: 'with an extension: version, fields and filters as on /records' },
  ),
  response: { 200: ref('Dataset', Dataset), default: problemResponse },
};

export const getDataset: FastifyPluginAsyncTypebox<QueryContext> = async (app, context) => {
  app.get('/v1/datasets/:id', { schema }, async (request, reply) => {
    const { id } = request.params;
    const format = recordFormats.find((one) => id.endsWith(`.${one.id}`));
    if (format !== undefined) {
      reply.header('content-disposition', `attachment; filename="${id.replace(/[^\w.-]/g, '_')}"`);
      return answerRecords(context, request, reply, id.slice(0, -format.id.length - 1), format);
    }
    const manifest = await readManifest(context.redis, id);
    if (manifest === undefined) throw unknownDataset(id, await listDatasets(context.redis));
    reply.header('almanac-version', manifest.version);
    if (isUnchanged(request, reply, versionTag(manifest.version, 'dataset'))) return reply.code(304).send(undefined as never);
    return describe(manifest);
  });
};
