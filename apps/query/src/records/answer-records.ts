import type { Column } from '@almanac/domain';
import type { ReadCopy } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { arrowPieces } from '../answers/arrow.ts';
import { type Body, measured, type Piece, streamed } from '../answers/body.ts';
import { csvPieces } from '../answers/csv.ts';
import { jsonPieces } from '../answers/json.ts';
import { ndjsonPieces } from '../answers/ndjson.ts';
import { projected } from '../answers/project.ts';
import type { Context } from '../context.ts';
import { etagOf, isKnown } from '../http/conditional.ts';
import { linkHeader, pageLinks } from '../http/page-links.ts';
import { type Headers, send, sendUnchanged } from '../http/send.ts';
import { matchingPlaces } from './matching.ts';
import { type FormatId, mediaTypes } from './media-types.ts';
import { chosenColumns, filtersOf, type RecordsQuestion } from './parameters.ts';
import { isWhole, type Selection, select, slices } from './selection.ts';

/** Up to this many records an answer is made at once and its length told. */
const AT_ONCE = 1_000;

/** Answers with records of a data set: which, how many and in which form, as the question says. */
export async function answerRecords(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, question, format }: { id: string; question: RecordsQuestion; format: FormatId },
): Promise<void> {
  const copy = await context.reader.get(id, question.version);
  const { schema } = copy.manifest;
  const columns = chosenColumns(question.fields, schema);
  const tests = filtersOf(question.others, schema);
  const { limit, offset } = question;
  const etag = etagOf(copy.version, `${format} ${request.url}`);
  const about: Headers = { etag, vary: 'accept', 'cache-control': 'no-cache', 'almanac-version': copy.version };
  if (isKnown(request.headers['if-none-match'], etag)) return sendUnchanged(reply, about);

  const places =
    tests.length === 0
      ? undefined
      : matchingPlaces(
          tests,
          await context.columns.get(
            copy,
            tests.map(({ column }) => column),
          ),
          copy.rows,
        );
  const selection = select(copy, places, offset, limit);
  const links = pageLinks(request.url, { limit, offset, matched: selection.matched });
  const headers: Headers = {
    ...about,
    'content-type': mediaTypes[format],
    'almanac-records': selection.matched,
    link: linkHeader(links),
    ...(limit > Number.MAX_SAFE_INTEGER ? { 'content-disposition': `attachment; filename="${id}.${format}"` } : {}),
  };
  const counts = {
    numberReturned: selection.to - selection.from,
    ...(question.count === 'none' ? {} : { numberMatched: selection.matched }),
  };
  const envelope = question.shape === 'array' ? undefined : { ...counts, version: copy.version, links };
  send(request, reply, headers, await bodyOf(context, format, selection, columns, envelope));
}

async function bodyOf(
  context: Context,
  format: FormatId,
  selection: Selection,
  columns: readonly Column[] | undefined,
  envelope: object | undefined,
): Promise<Body> {
  const all = selection.copy.manifest.schema.columns;
  const isSmall = selection.to - selection.from <= AT_ONCE;
  const made = isSmall ? measured : streamed;
  if (format === 'arrow') return made(arrowPieces(await context.columns.get(selection.copy, columns ?? all), selection));
  if (format === 'csv') return made(csvPieces(slices(selection), columns ?? all));
  const rows: Iterable<Piece> = columns === undefined ? slices(selection) : projected(slices(selection), columns);
  const [head, tail] = envelope === undefined ? ['[', ']'] : ['{"items":[', `],${JSON.stringify(envelope).slice(1)}`];
  const pieces = format === 'ndjson' ? ndjsonPieces(rows) : jsonPieces(head, rows, tail);
  if (isSmall || columns !== undefined || !isWhole(selection) || !isPlain(selection.copy)) return made(pieces);
  return {
    pieces,
    bytes: format === 'ndjson' ? linesBytes(selection.copy) : selection.copy.jsonBytes - 2 + head.length + Buffer.byteLength(tail),
  };
}

/** Whether rows go out as they are stored, so that their length is known without reading them. */
const isPlain = (copy: ReadCopy): boolean => copy.manifest.schema.columns.every(({ asStored }) => asStored);

/** One newline a row, where the list has brackets and a comma with a newline between rows. */
const linesBytes = ({ jsonBytes, rows }: ReadCopy): number => jsonBytes - 2 - 2 * (rows - 1) + rows;
