import { readLimits, unknownParameter, unknownRecord } from '@almanac/domain';
import { etagOf, isKnown, skipValidation } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { parts } from '../../http/body.ts';
import { chooseFormat, mediaTypes } from '../../http/media-types.ts';
import { send, sendUnchanged } from '../../http/send.ts';
import { holdingCopy } from '../../records/holding.ts';
import { chosenColumns, type RawQuery, readRecordsQuery } from '../../records/parameters.ts';
import { json } from '../../renderings/json.ts';
import { DatasetParams, Fields, recordResponses, Version } from './schemas.ts';

const BUFFERED = readLimits.bufferedBytes.value;
const parameters = ['fields', 'version', 'f'] as const;

const Query = Type.Object({
  fields: Type.Optional(Fields),
  version: Type.Optional(Version),
  f: Type.Optional(Type.Literal('json')),
});

export const getRecord: FastifyPluginAsyncTypebox<Context> = async (app, { reader }) => {
  app.get(
    '/v1/datasets/:id/records/:key',
    {
      schema: {
        tags: ['data'],
        operationId: 'getRecord',
        summary: 'Get one record by its key',
        description:
          'Without a key column, the key of a record is its number, counted from 0.\n\n```\ncurl http://localhost:5000/v1/datasets/meteorites/records/10001\n```',
        params: Type.Interface([DatasetParams], { key: Type.String({ examples: ['10001'] }) }),
        querystring: Query,
        response: recordResponses,
      },
      validatorCompiler: skipValidation,
    },
    (request, reply) => {
      const { id, key } = request.params;
      const { fields, version } = queryOf(request);
      reader
        .get(id, version)
        .then((copy) => sendRecord(request, reply, copy, key, fields))
        .catch((error: Error) => reply.send(error as never));
    },
  );
};

function queryOf(request: FastifyRequest) {
  const query = readRecordsQuery(request.query as RawQuery, parameters);
  const [other] = query.others;
  if (other !== undefined) throw unknownParameter(other[0], parameters);
  chooseFormat(query.f, request.headers.accept, ['json']);
  return query;
}

/** Writes head and body in one piece: this is the most frequent and the quickest request. */
function sendRecord(request: FastifyRequest, reply: FastifyReply, copy: ReadCopy, key: string, fields: string[] | undefined): void {
  const columns = chosenColumns(fields, copy.manifest.schema);
  const row = copy.byKey(key);
  if (row === undefined) throw unknownRecord(copy.id, key, copy.manifest.schema.key);
  const etag = fields === undefined ? `"${copy.version}-record"` : etagOf(copy.version, request.url);
  const { 'if-none-match': ifNoneMatch } = request.headers;
  const common = { etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': copy.version };
  if (ifNoneMatch !== undefined && isKnown(ifNoneMatch, etag)) {
    sendUnchanged(reply, common);
    return;
  }
  const body = columns === undefined ? row : Buffer.from(json(columns).render(row));
  if (body.length > BUFFERED) {
    send(request, reply, { ...common, 'content-type': mediaTypes.json }, { ...parts(body), hold: holdingCopy(copy) });
    return;
  }
  const own = reply.getHeaders() as Record<string, string>;
  reply.hijack();
  reply.raw.writeHead(200, { ...own, 'content-type': mediaTypes.json, 'content-length': body.length, ...common });
  if (request.method === 'HEAD') reply.raw.end();
  // As latin1 text, which is byte for byte the same, it joins the head in a single write.
  else reply.raw.end(body.toString('latin1'), 'latin1');
}
