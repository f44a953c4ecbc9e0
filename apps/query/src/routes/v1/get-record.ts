import { unknownRecord } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { QueryContext } from '../../app.ts';
import { isUnchanged, recordTag } from '../../reading/conditional.ts';
import { versionOf } from '../../reading/parameters.ts';

const schema = {
  operationId: 'getRecord',
  tags: ['data'],
  summary: 'Read one record by its key',
  description:
    'The key is the value of the key column; a data set without one names its records by their number, from 0.\n\n' +
    '    curl http://localhost:5000/v1/datasets/genes/records/HGNC:5',
  params: Type.Object({ id: Type.String({ examples: ['genes'] }), key: Type.String({ examples: ['HGNC:5'] }) }),
  querystring: Type.Object(
    { version: Type.Optional(Type.String({ description: "'latest' (default) or a version as answers name it" })) },
    { additionalProperties: false },
  ),
  response: { 200: { description: 'the record', content: { 'application/json': { schema: Type.Unknown() } } }, default: problemResponse },
};

export const getRecord: FastifyPluginAsyncTypebox<QueryContext> = async (app, { reader }) => {
  app.get('/v1/datasets/:id/records/:key', { schema }, async (request, reply) => {
    const { id, key } = request.params;
    const copy = await reader.get(id, versionOf(request.query));
    const record = copy.byKey(key);
    if (record === undefined) throw unknownRecord(id, key, copy.manifest.schema.key);
    reply.header('almanac-version', copy.version).header('content-type', 'application/json; charset=utf-8');
    if (isUnchanged(request, reply, recordTag(record))) return reply.code(304).send();
    // A Buffer goes out as it is: what is stored is what is answered.
    return reply.send(record as never);
  });
};
