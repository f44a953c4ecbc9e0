import { Link, Reject, unknownDataset } from '@almanac/domain';
import { linkHeader, pageLinks, problemResponse } from '@almanac/service';
import { listDatasets, readManifest, readRejects } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { QueryContext } from '../../app.ts';
import { limitOf, offsetOf } from '../../reading/parameters.ts';

const schema = {
  operationId: 'listRejects',
  tags: ['data'],
  summary: 'List the rows of the last load that could not become records',
  description:
    'Each with its number in the source, the reason, and the row as it came.\n\n    curl http://localhost:5000/v1/datasets/meteorites/rejects',
  params: Type.Object({ id: Type.String({ examples: ['meteorites'] }) }),
  querystring: Type.Object(
    {
      limit: Type.Optional(Type.String({ description: '1 to 10,000', default: '50' })),
      offset: Type.Optional(Type.String({ default: '0' })),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      items: Type.Array(Reject),
      numberReturned: Type.Integer(),
      numberMatched: Type.Integer(),
      version: Type.String(),
      links: Type.Array(Link),
    }),
    default: problemResponse,
  },
};

export const listRejects: FastifyPluginAsyncTypebox<QueryContext> = async (app, { redis }) => {
  app.get('/v1/datasets/:id/rejects', { schema }, async (request, reply) => {
    const { id } = request.params;
    const [limit, offset] = [limitOf(request.query, { takesAll: false }), offsetOf(request.query)];
    const manifest = await readManifest(redis, id);
    if (manifest === undefined) throw unknownDataset(id, await listDatasets(redis));
    const items = await readRejects(redis, id, manifest.gen, offset, limit);
    const links = pageLinks({ path: `/v1/datasets/${id}/rejects`, parameters: [], limit, offset, matched: manifest.rejected });
    reply.headers({ 'cache-control': 'no-cache', link: linkHeader(links), 'almanac-version': manifest.version });
    return { items, numberReturned: items.length, numberMatched: manifest.rejected, version: manifest.version, links };
  });
};
