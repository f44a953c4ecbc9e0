import { isDatasetId, Reject, readLimits } from '@almanac/domain';
import { etagOf, isKnown, linkHeader, problemResponse } from '@almanac/service';
import { readManifest, readRejects } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { pageLinks } from '../../http/page-links.ts';
import { sendUnchanged } from '../../http/send.ts';
import { listOf, sendJson } from '../../http/send-json.ts';
import { DatasetParams, pageOf, pageParameters, pageQuestion, Unchanged } from './schemas.ts';

export const listRejects: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.get(
    '/v1/datasets/:id/rejects',
    {
      schema: {
        tags: ['data'],
        operationId: 'listRejects',
        summary: 'List the rejected rows of the last load',
        description: '```\ncurl http://localhost:5000/v1/datasets/meteorites/rejects\n```',
        params: DatasetParams,
        querystring: Type.Object(pageParameters, { additionalProperties: false }),
        response: {
          200: Type.Object({ items: Type.Array(Reject), ...pageOf, version: Type.String() }),
          304: Unchanged,
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { redis, reader } = context;
      const { id } = request.params;
      const { limit, offset } = pageQuestion(request.query);
      const manifest = isDatasetId(id) ? await readManifest(redis, id) : undefined;
      if (manifest === undefined) throw await reader.unknown(id);
      const { gen, rejected, version } = manifest;
      const etag = etagOf(version, `rejects ${request.prefix}${request.url}`);
      const headers = { etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': version };
      if (isKnown(request.headers['if-none-match'], etag)) {
        sendUnchanged(reply, headers);
        return reply;
      }
      const wanted = Math.max(0, Math.min(limit, rejected - offset));
      const items = await readRejects(redis, id, gen, offset, wanted, readLimits.listPageBytes.value);
      const isEarly = items.length > 0 && items.length < wanted;
      const links = pageLinks(request.prefix + request.url, {
        limit,
        offset,
        matched: rejected,
        ...(isEarly ? { returned: items.length } : {}),
      });
      const envelope = { numberReturned: items.length, numberMatched: rejected, version, links };
      const texts = items.map((item) => JSON.stringify(item));
      sendJson(context, request, reply, { ...headers, link: linkHeader(links) }, listOf(texts, envelope));
      return reply;
    },
  );
};
