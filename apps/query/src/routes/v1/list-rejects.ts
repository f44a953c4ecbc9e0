import { isDatasetId, Reject, unknownDataset } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import { listDatasets, readManifest, readRejects } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { etagOf, isKnown } from '../../http/conditional.ts';
import { linkHeader, pageLinks } from '../../http/page-links.ts';
import { DatasetParams, pageOf, pageParameters, Unchanged } from './schemas.ts';

export const listRejects: FastifyPluginAsyncTypebox<Context> = async (app, { redis }) => {
  app.get(
    '/v1/datasets/:id/rejects',
    {
      schema: {
        tags: ['data'],
        operationId: 'listRejects',
        summary: 'List the rows of the last load that could not become records',
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
      const { id } = request.params;
      const { limit, offset } = request.query;
      const manifest = isDatasetId(id) ? await readManifest(redis, id) : undefined;
      if (manifest === undefined) throw unknownDataset(id, await listDatasets(redis));
      const { gen, rejected, version } = manifest;
      const etag = etagOf(version, `rejects ${request.url}`);
      reply.headers({ etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': version });
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send(undefined as never);
      const items = offset < rejected ? await readRejects(redis, id, gen, offset, Math.min(limit, rejected - offset)) : [];
      const links = pageLinks(request.url, { limit, offset, matched: rejected });
      reply.header('link', linkHeader(links));
      return { items, numberReturned: items.length, numberMatched: rejected, version, links };
    },
  );
};
