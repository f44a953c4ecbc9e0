import { Dataset, Link } from '@almanac/domain';
import { linkHeader, pageLinks, problemResponse, ref } from '@almanac/service';
import { listDatasets as listIds, readManifest } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { QueryContext } from '../../app.ts';
import { describe } from '../../reading/describe.ts';
import { limitOf, offsetOf } from '../../reading/parameters.ts';

const schema = {
  operationId: 'listDatasets',
  tags: ['data'],
  summary: 'List the data sets',
  description: 'By name, with their columns and versions.\n\n    curl http://localhost:5000/v1/datasets',
  querystring: Type.Object(
    {
      limit: Type.Optional(Type.String({ description: '1 to 10,000', default: '50' })),
      offset: Type.Optional(Type.String({ default: '0' })),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      items: Type.Array(ref('Dataset', Dataset)),
      numberReturned: Type.Integer(),
      numberMatched: Type.Integer(),
      links: Type.Array(Link),
    }),
    default: problemResponse,
  },
};

export const listDatasets: FastifyPluginAsyncTypebox<QueryContext> = async (app, { redis }) => {
  app.get('/v1/datasets', { schema }, async (request, reply) => {
    const [limit, offset] = [limitOf(request.query, { takesAll: false }), offsetOf(request.query)];
    const ids = await listIds(redis);
    const manifests = await Promise.all(ids.slice(offset, offset + limit).map((id) => readManifest(redis, id)));
    const items = manifests.flatMap((manifest) => (manifest === undefined ? [] : [describe(manifest)]));
    const links = pageLinks({ path: '/v1/datasets', parameters: [], limit, offset, matched: ids.length });
    reply.headers({ 'cache-control': 'no-cache', link: linkHeader(links) });
    return { items, numberReturned: items.length, numberMatched: ids.length, links };
  });
};
