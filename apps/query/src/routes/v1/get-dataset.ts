import { Dataset, invalidParameter, isDatasetId, unknownDataset, unknownParameter } from '@almanac/domain';
import { readByRoute, ref } from '@almanac/service';
import { type DatasetReader, listDatasets, type Manifest, readManifest } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe } from '../../datasets/describe.ts';
import { etagOf, isKnown } from '../../http/conditional.ts';
import { answerRecords } from '../../records/answer-records.ts';
import { chooseFormat, type FormatId } from '../../records/media-types.ts';
import { type RawQuery, readQuestion } from '../../records/parameters.ts';
import { DatasetParams, Fields, Filter, recordsResponses, Version } from './schemas.ts';

const Query = Type.Object({
  version: Type.Optional(Version),
  fields: Type.Optional(Fields),
  'field.column': Type.Optional(Filter),
});

export const getDataset: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.get(
    '/v1/datasets/:id',
    {
      schema: {
        tags: ['data'],
        operationId: 'getDataset',
        summary: 'Describe a data set; with .csv, .json, .ndjson or .arrow at the end: the whole of it',
        description:
          'With an extension: every record, streamed; fields and filters as in the records route.\n\n```\ncurl http://localhost:5000/v1/datasets/meteorites\ncurl -O http://localhost:5000/v1/datasets/meteorites.csv\n```',
        params: DatasetParams,
        querystring: Query,
        response: { ...recordsResponses, 200: ref('Dataset', Dataset) },
      },
      validatorCompiler: readByRoute,
    },
    async (request, reply) => {
      const [, id = '', extension] = /^(.*?)(?:\.(csv|json|ndjson|arrow))?$/s.exec(request.params.id) ?? [];
      const query = request.query as RawQuery;
      if (extension !== undefined) {
        const question = readQuestion({ limit: 'all', shape: 'array', ...query });
        if (question.f !== undefined)
          throw invalidParameter('f', question.f, `the extension .${extension} says the form already; leave f out`);
        await answerRecords(context, request, reply, { id, question, format: extension as FormatId });
        return reply;
      }
      const { version, f, others } = readQuestion(query, ['version', 'f']);
      if (others[0] !== undefined) throw unknownParameter(others[0][0], ['version', 'f']);
      chooseFormat(f, undefined, ['json']);
      const manifest = await manifestOf(context, id, version);
      const etag = etagOf(manifest.version, 'description');
      reply.headers({ etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': manifest.version });
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send(undefined as never);
      return describe(manifest);
    },
  );
};

/** The manifest alone, which costs one read, unless an earlier version is asked for. */
async function manifestOf(
  { redis, reader }: { redis: Context['redis']; reader: DatasetReader },
  id: string,
  version?: string,
): Promise<Manifest> {
  const manifest = isDatasetId(id) ? await readManifest(redis, id) : undefined;
  if (manifest === undefined) throw unknownDataset(id, await listDatasets(redis));
  if (version === undefined || version === 'latest' || version === manifest.version) return manifest;
  return (await reader.get(id, version)).manifest;
}
