import { invalidParameter, unknownParameter } from '@almanac/domain';
import { etagOf, isKnown, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe, type Text } from '../../datasets/describe.ts';
import { underPrefix } from '../../datasets/under-prefix.ts';
import { VersionCache } from '../../datasets/version-cache.ts';
import { chooseFormat, type FormatId } from '../../http/media-types.ts';
import { sendUnchanged } from '../../http/send.ts';
import { sendJson } from '../../http/send-json.ts';
import { type RawQuery, readRecordsQuery } from '../../records/parameters.ts';
import { sendRecords } from '../../records/send-records.ts';
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
        summary: 'Describe a data set; with .csv, .json, .ndjson or .arrow appended, download all of it',
        description:
          'With an extension, streams every record; takes the fields and filters of the records route.\n\n```\ncurl http://localhost:5000/v1/datasets/meteorites\ncurl -O http://localhost:5000/v1/datasets/meteorites.csv\n```',
        params: DatasetParams,
        querystring: Query,
        response: datasetResponses,
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const [, id = '', extension] = /^(.*?)(?:\.(csv|json|ndjson|arrow))?$/s.exec(request.params.id) ?? [];
      const raw = request.query as RawQuery;
      if (extension !== undefined) {
        const query = readRecordsQuery({ limit: 'all', shape: 'array', ...raw });
        if (query.f !== undefined) throw invalidParameter('f', query.f, `the extension .${extension} sets the format; omit f`);
        await sendRecords(context, request, reply, { id, query, format: extension as FormatId });
        return reply;
      }
      const { version, f, others } = readRecordsQuery(raw, ['version', 'f']);
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

/** The description. It is made from the manifest alone unless an earlier version is requested. */
async function described({ reader }: Context, descriptions: VersionCache<Text>, id: string, version = 'latest'): Promise<Text> {
  const current = await descriptions.get(id);
  if (current === undefined) throw await reader.unknown(id);
  if (version === 'latest' || version === current.version) return current;
  return (await describe((await reader.get(id, version)).manifest)).value;
}
