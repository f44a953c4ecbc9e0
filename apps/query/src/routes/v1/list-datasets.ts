import { Column, Dataset } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import { listDatasets as idsOf, type Manifest, readManifest } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe } from '../../datasets/describe.ts';
import { etagOf, isKnown } from '../../http/conditional.ts';
import { linkHeader, pageLinks } from '../../http/page-links.ts';
import { pageOf, pageParameters, Unchanged } from './schemas.ts';

/** A data set without the evidence for its columns. */
const Summary = Type.Interface([Type.Omit(Dataset, ['columns'])], { columns: Type.Array(Column) });

export const listDatasets: FastifyPluginAsyncTypebox<Context> = async (app, { redis }) => {
  app.get(
    '/v1/datasets',
    {
      schema: {
        tags: ['data'],
        operationId: 'listDatasets',
        summary: 'List the data sets',
        description: '```\ncurl http://localhost:5000/v1/datasets\n```',
        querystring: Type.Object(pageParameters, { additionalProperties: false }),
        response: { 200: Type.Object({ items: Type.Array(Summary), ...pageOf }), 304: Unchanged, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { limit, offset } = request.query;
      const ids = await idsOf(redis);
      const read = await Promise.all(ids.slice(offset, offset + limit).map((id) => readManifest(redis, id)));
      // One that was deleted since is passed over.
      const items = read.filter((manifest): manifest is Manifest => manifest !== undefined).map(describe);
      const links = pageLinks(request.url, { limit, offset, matched: ids.length });
      const versions = items.map(({ id, version }) => `${id} ${version}`);
      const etag = etagOf('list', `${request.url} ${ids.length} ${versions.join()}`);
      reply.headers({ etag, vary: 'accept', 'cache-control': 'no-cache', link: linkHeader(links) });
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send(undefined as never);
      return { items, numberReturned: items.length, numberMatched: ids.length, links };
    },
  );
};
