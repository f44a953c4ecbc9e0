import { etagOf, isKnown } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Context, searchesOf } from '../context.ts';
import { type Headers, sendUnchanged } from '../http/send.ts';
import { sendAll } from './answer-all.ts';
import { sendArrow } from './answer-arrow.ts';
import { sendPage } from './answer-page.ts';
import type { Asked } from './asked.ts';
import { matchingPlaces } from './matching.ts';
import { type FormatId, mediaTypes } from './media-types.ts';
import { chosenColumns, filtersOf, type RecordsQuestion } from './parameters.ts';
import { select } from './selection.ts';

/** Answers with records of a data set: which, how many and in which form, as the question says. */
export async function answerRecords(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, question, format }: { id: string; question: RecordsQuestion; format: FormatId },
): Promise<void> {
  const copy = await context.reader.get(id, question.version);
  const columns = chosenColumns(question.fields, copy.manifest.schema);
  const isPlain = format === 'arrow' && wantsPlainValues(request, question);
  const etag = etagOf(copy.version, `${format}${isPlain ? ' plain' : ''} ${request.prefix}${request.url}`);
  const about: Headers = { etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': copy.version };
  if (isKnown(request.headers['if-none-match'], etag)) return sendUnchanged(reply, about);

  const selection = select(copy, await placesOf(context, request, copy, question), question.offset, question.limit);
  const headers = { ...about, 'content-type': mediaTypes[format], 'almanac-records': selection.matched };
  const asked: Asked = { context, request, reply, question, format, columns, selection, etag, headers };
  if (format === 'arrow') await sendArrow(asked, isPlain);
  else if (Number.isFinite(question.limit)) await sendPage(asked);
  else await sendAll(asked, id);
}

/** The rows that pass the filters; undefined: there are none, so every row does. */
async function placesOf(
  context: Context,
  request: FastifyRequest,
  copy: ReadCopy,
  { others }: RecordsQuestion,
): Promise<Uint32Array | undefined> {
  const tests = filtersOf(others, copy.manifest.schema);
  return tests.length === 0
    ? undefined
    : searchesOf(context, request).run(copy, (search) => matchingPlaces(context.columns, copy, tests, search));
}

/**
 * Whether an Arrow stream is to have its numbers, booleans and times as doubles, as plots read them: the media type's parameter
 * `profile=plain` asks for it. A renderer of the release before asks by exactly this form of request, which may go with that release.
 */
function wantsPlainValues({ headers: { accept = '' } }: FastifyRequest, { f, fields, version, limit }: RecordsQuestion): boolean {
  if (/profile="?plain"?/.test(accept)) return true;
  return (
    accept === mediaTypes.arrow && f === 'arrow' && fields !== undefined && version !== undefined && limit === Number.POSITIVE_INFINITY
  );
}
