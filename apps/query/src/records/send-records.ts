import { etagOf, isKnown } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Context, searchesOf } from '../context.ts';
import { type FormatId, mediaTypes } from '../http/media-types.ts';
import { type Headers, sendUnchanged } from '../http/send.ts';
import { select } from '../rows/selection.ts';
import { matchingPlaces } from './matching.ts';
import { chosenColumns, filtersOf, type RecordsQuery } from './parameters.ts';
import type { RecordsRequest } from './records-request.ts';
import { sendAll } from './send-all.ts';
import { sendArrow } from './send-arrow.ts';
import { sendPage } from './send-page.ts';

/** Sends the requested records of a data set in the requested format. */
export async function sendRecords(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, query, format }: { id: string; query: RecordsQuery; format: FormatId },
): Promise<void> {
  const copy = await context.reader.get(id, query.version);
  const columns = chosenColumns(query.fields, copy.manifest.schema);
  const isPlain = format === 'arrow' && wantsPlainValues(request, query);
  const etag = etagOf(copy.version, `${format}${isPlain ? ' plain' : ''} ${request.prefix}${request.url}`);
  const common: Headers = { etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': copy.version };
  if (isKnown(request.headers['if-none-match'], etag)) return sendUnchanged(reply, common);

  const selection = select(copy, await placesOf(context, request, copy, query), query.offset, query.limit);
  const headers = { ...common, 'content-type': mediaTypes[format], 'almanac-records': selection.matched };
  const recordsRequest: RecordsRequest = { context, request, reply, query, format, columns, selection, etag, headers };
  if (format === 'arrow') await sendArrow(recordsRequest, isPlain);
  else if (Number.isFinite(query.limit)) await sendPage(recordsRequest);
  else await sendAll(recordsRequest, id);
}

/** The rows that pass the filters; undefined: there are none, so every row does. */
async function placesOf(
  context: Context,
  request: FastifyRequest,
  copy: ReadCopy,
  { others }: RecordsQuery,
): Promise<Uint32Array | undefined> {
  const tests = filtersOf(others, copy.manifest.schema);
  return tests.length === 0
    ? undefined
    : searchesOf(context, request).run(copy, (search) => matchingPlaces(context.columns, copy, tests, search));
}

/**
 * Whether an Arrow stream is to have its numbers, booleans and times as doubles, as plots read them: the media type's parameter
 * `profile=plain` requests it. A renderer of the previous release sends exactly this form of request; drop the form with that release.
 */
function wantsPlainValues({ headers: { accept = '' } }: FastifyRequest, { f, fields, version, limit }: RecordsQuery): boolean {
  if (/profile="?plain"?/.test(accept)) return true;
  return (
    accept === mediaTypes.arrow && f === 'arrow' && fields !== undefined && version !== undefined && limit === Number.POSITIVE_INFINITY
  );
}
