import type { RouteResponse } from '@almanac/profiles';
import { sendJsonText } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { begun, type Piece, parts } from '../http/body.ts';
import { send } from '../http/send.ts';
import { holding } from '../records/holding.ts';
import { json } from '../renderings/json.ts';
import { piecesOf } from '../renderings/rendering.ts';
import { compact, type Selection, slices } from '../rows/selection.ts';

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** Items of a list that are written as one piece. */
const ITEMS = 256;

type Reading = Pick<Context, 'reader'>;

/** Sends the response of a route. Its lists of rows are taken from `copy`. */
export function sendResponse(
  context: Reading,
  request: FastifyRequest,
  reply: FastifyReply,
  response: RouteResponse,
  copy: ReadCopy | undefined,
): void {
  reply.header('cache-control', 'no-cache');
  if (response.kind === 'rows')
    sendRows(context, request, reply, selectionOf(copy?.viewed(response.view.name, response.view.of), response));
  else if (response.kind === 'list') sendPieces(context, request, reply, itemPieces(response), { copy, places: undefined });
  else if (response.kind === 'json') sendJson(context, request, reply, response.text, response.status);
  else reply.code(response.status).type(TEXT_TYPE).send(response.text);
}

const selectionOf = (copy: ReadCopy | undefined, { from, to }: { from: number; to: number }): Selection | undefined =>
  copy === undefined ? undefined : { copy, places: undefined, matched: copy.rows, from, to };

/** JSON that is made already, in parts if it is long. Bytes that are kept with their version are held once, however many read them. */
export function sendJson(context: Reading, request: FastifyRequest, reply: FastifyReply, text: string | Buffer, status = 200): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const body = parts(bytes);
  if (Array.isArray(body.pieces)) sendJsonText(reply, bytes, status);
  else
    send(
      request,
      reply,
      { 'content-type': JSON_TYPE },
      { ...body, hold: () => context.reader.memory.reserve(bytes.length).release },
      status,
    );
}

/** Rows of a copy as a JSON list, as they lie in its view. */
export function sendRows(context: Reading, request: FastifyRequest, reply: FastifyReply, selection: Selection | undefined): void {
  if (selection === undefined || selection.to <= selection.from) {
    sendJsonText(reply, '[]\n');
    return;
  }
  const own = compact(selection);
  const rendering = json(undefined, '[', ']\n');
  sendPieces(context, request, reply, piecesOf(slices(own, rendering.mostRows), rendering), own);
}

/** Sends JSON that is made as it is taken, from the rows of a copy. */
export function sendPieces(
  context: Reading,
  request: FastifyRequest,
  reply: FastifyReply,
  pieces: Iterable<Piece>,
  { copy, places }: { copy: ReadCopy | undefined; places: Uint32Array | undefined },
): void {
  const hold = copy === undefined ? undefined : holding(context, { copy, places });
  send(request, reply, { 'content-type': JSON_TYPE }, begun(pieces, hold));
}

/** Values as JSON.stringify writes a list of them. */
export function* itemPieces({ items, from, to }: { items: readonly unknown[]; from: number; to: number }): Generator<Piece> {
  yield '[';
  for (let at = from; at < to; at += ITEMS) {
    const some = JSON.stringify(items.slice(at, Math.min(to, at + ITEMS))).slice(1, -1);
    yield at === from ? some : `,${some}`;
  }
  yield ']\n';
}
