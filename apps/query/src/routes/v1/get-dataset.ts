import { invalidParameter, unknownParameter } from '@almanac/domain';
import { etagOf, isKnown, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe, type Text } from '../../datasets/describe.ts';
import { underPrefix } from '../../datasets/under-prefix.ts';
import { VersionCache } from '../../datasets/version-cache.ts';
import { sendUnchanged } from '../../http/send.ts';
import { sendJson } from '../../http/send-json.ts';
import { answerRecords } from '../../records/answer-records.ts';
import { chooseFormat, type FormatId } from '../../records/media-types.ts';
import { type RawQuery, readQuestion } from '../../records/parameters.ts';
import { DatasetParams, datasetResponses, Fields, Filters, Version } from './schemas.ts';

const Query = Type.Object({
  version: Type.Optional(Version),
  fields: Type.Optional(Fields),
  filters: Type.Optional(Filters),
});

export const getDataset: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  const descriptions = new VersionCache<Text>(context.redis, context.reader, describe);
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
        response: datasetResponses,
      },
      validatorCompiler: skipValidation,
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
      const { version: current, json } = await described(context, descriptions, id, version);
      const etag = etagOf(current, `description ${request.prefix}`);
      const headers = { etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': current };
      if (isKnown(request.headers['if-none-match'], etag)) sendUnchanged(reply, headers);
      else sendJson(context, request, reply, headers, underPrefix(json, request.prefix));
      return reply;
    },
  );
};

/** The description, which is made of the manifest alone unless an earlier version is asked for. */
async function described({ reader }: Context, descriptions: VersionCache<Text>, id: string, version = 'latest'): Promise<Text> {
  const current = await descriptions.get(id);
  if (current === undefined) throw await reader.unknown(id);
  if (version === 'latest' || version === current.version) return current;
  return (await describe((await reader.get(id, version)).manifest)).value;
}
