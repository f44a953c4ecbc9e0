import { compileWhere } from '@almanac/analysis';
import { Link } from '@almanac/domain';
import { linkHeader, pageLinks, problemResponse } from '@almanac/service';
import { SEPARATOR } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { QueryContext } from '../../app.ts';
import { ARROW, arrowStream } from '../../formats/arrow.ts';
import type { RecordFormat } from '../../formats/format.ts';
import { recordFormats } from '../../formats/index.ts';
import { envelopeTail } from '../../formats/json.ts';
import { readColumns } from '../../reading/columns.ts';
import { isUnchanged, versionTag } from '../../reading/conditional.ts';
import { negotiate } from '../../reading/negotiate.ts';
import { fieldsOf, filtersOf, limitOf, offsetOf, type Query, single, versionOf } from '../../reading/parameters.ts';
import { type Choice, chosenRows, countMatches } from '../../reading/selection.ts';
import { sendPieces, sendStream } from '../../reading/send-stream.ts';

const known = ['limit', 'offset', 'fields', 'version', 'f', 'shape'];
const text = (description: string, examples: string[] = []) => Type.Optional(Type.String({ description, examples }));

const schema = {
  operationId: 'getRecords',
  tags: ['data'],
  summary: 'Read records by page, filtered, or all',
  description:
    'Every other parameter is a filter on a column: `recclass=L6`, `mass (g)[gte]=1000`, `recclass[in]=L5,L6`, `name[like]=A*`; all must hold. ' +
    'A column whose name is also a parameter is written `field.limit=5`.\n\n' +
    "    curl 'http://localhost:5000/v1/datasets/meteorites/records?recclass=L6&limit=5&fields=name,year'\n" +
    "    curl 'http://localhost:5000/v1/datasets/meteorites/records?limit=all&f=csv'",
  params: Type.Object({ id: Type.String({ description: 'name of the data set', examples: ['meteorites'] }) }),
  querystring: Type.Object(
    {
      limit: text("1 to 10,000 records, or 'all' for every one, streamed (default 50)", ['100', 'all']),
      offset: text('records to pass over (default 0)', ['200']),
      fields: text('only these columns, in this order', ['name,year']),
      version: text("'latest' (default) or a version as answers name it", ['17-3fa94c02d1b7e650']),
      f: text('json, ndjson, csv or arrow; wins over Accept', ['csv']),
      shape: text("'array' for the bare list instead of the envelope", ['array']),
    },
    { additionalProperties: true },
  ),
  response: {
    200: {
      description: 'The records; headers: ETag, Almanac-Version, Almanac-Records (how many there are in all), Link',
      content: {
        'application/json': {
          schema: Type.Object({
            items: Type.Array(Type.Unknown()),
            numberReturned: Type.Integer(),
            numberMatched: Type.Integer(),
            version: Type.String(),
            links: Type.Array(Link),
          }),
        },
        'application/x-ndjson': { schema: Type.String() },
        'text/csv': { schema: Type.String() },
        [ARROW]: { schema: Type.String({ format: 'binary' }) },
      },
    },
    default: problemResponse,
  },
};

const arrow = { id: 'arrow', mediaType: ARROW } as const;
type Form = RecordFormat | typeof arrow;

export const getRecords: FastifyPluginAsyncTypebox<QueryContext> = async (app, context) => {
  app.get('/v1/datasets/:id/records', { schema }, async (request, reply) => answerRecords(context, request, reply, request.params.id));
};

/** Answers records in the form the client asked for, or in the one that is given (then all of them as a bare list, unless limited). */
export async function answerRecords(
  { reader }: QueryContext,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  given?: RecordFormat,
): Promise<FastifyReply> {
  const query = request.query as Query;
  const form: Form = given ?? negotiate([...recordFormats, arrow], request.headers.accept, single(query, 'f'));
  const limit = given !== undefined && query.limit === undefined ? Number.POSITIVE_INFINITY : limitOf(query);
  const copy = await reader.get(id, versionOf(query));
  const { columns } = copy.manifest.schema;
  const filters = filtersOf(query, known, columns);
  const predicate = filters.length === 0 ? undefined : compileWhere(filters, columns);
  const fields = fieldsOf(query, columns);
  const choice: Choice = { copy, offset: offsetOf(query), limit, predicate, fields: fields?.map(({ name }) => name) };

  reply.header('almanac-version', copy.version).type(form.mediaType);
  if (isUnchanged(request, reply, versionTag(copy.version, `${form.id} ${request.url}`))) return reply.code(304).send();
  if (form.id === 'arrow') {
    const chosen = fields ?? columns;
    const values = await readColumns(copy, chosen, predicate);
    const first = values[0];
    const rows = first === undefined ? 0 : first.kind === 'number' ? first.numbers.length : first.codes.length;
    reply.header('almanac-records', rows);
    await sendStream(request, reply, arrowStream(chosen, values, rows));
    return reply;
  }
  const matched = await countMatches(copy, predicate);
  reply.header('almanac-records', matched);
  const links =
    limit === Number.POSITIVE_INFINITY
      ? []
      : pageLinks({ path: request.url.split('?')[0] as string, parameters: otherParameters(query), limit, offset: choice.offset, matched });
  if (links.length > 0) reply.header('link', linkHeader(links));
  const isBare = given !== undefined || single(query, 'shape') === 'array';
  const envelope = isBare ? undefined : { matched, version: copy.version, links };
  const isPlain = predicate === undefined && fields === undefined && form.id === 'json';
  if (isPlain && limit !== Number.POSITIVE_INFINITY) sendPieces(request, reply, pagePieces(choice, envelope));
  else {
    const length = isPlain && isBare && choice.offset === 0 ? copy.jsonBytes : undefined;
    await sendStream(
      request,
      reply,
      form.write({ blocks: chosenRows(choice), columns: fields ?? columns, ...(envelope === undefined ? {} : { envelope }) }),
      length,
    );
  }
  return reply;
}

/** A plain page of JSON as the slices it is made of. */
function pagePieces({ copy, offset, limit }: Choice, envelope: Parameters<typeof envelopeTail>[1] | undefined): (Buffer | string)[] {
  const slices = copy.page(offset, limit);
  const pieces: (Buffer | string)[] = [envelope === undefined ? '[' : '{"items":['];
  for (const [i, slice] of slices.entries()) pieces.push(...(i === 0 ? [slice] : [SEPARATOR, slice]));
  const returned = Math.max(0, Math.min(limit, copy.rows - offset));
  pieces.push(envelope === undefined ? ']' : `]${envelopeTail(returned, envelope)}`);
  return pieces;
}

/** What every page's link repeats: all parameters but those that move along. */
const otherParameters = (query: Query): [string, string][] =>
  Object.entries(query).flatMap(([name, value]) =>
    name === 'limit' || name === 'offset' ? [] : [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
