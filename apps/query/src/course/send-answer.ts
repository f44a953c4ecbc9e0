import type { Answer } from '@almanac/profiles';
import { sendJsonText } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { measured, type Piece, streamed } from '../answers/body.ts';
import { jsonPieces } from '../answers/json.ts';
import { send } from '../http/send.ts';
import { select, slices } from '../records/selection.ts';

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** Up to this many records an answer is made at once and its length told. */
const AT_ONCE = 1_000;

/** Sends what a route answers. `copy` is what its lists of rows are taken from. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer, copy: ReadCopy | undefined): void {
  reply.header('cache-control', 'no-cache');
  if (answer.kind === 'rows') sendRows(request, reply, copy?.viewed(answer.view.name, answer.view.of), answer.from, answer.to);
  else if (answer.kind === 'json') sendJsonText(reply, answer.text, answer.status);
  else reply.code(answer.status).type(TEXT_TYPE).send(answer.text);
}

/** Rows of a copy as a JSON list, as they lie in its view; those at `places` where there are any. */
export function sendRows(
  request: FastifyRequest,
  reply: FastifyReply,
  copy: ReadCopy | undefined,
  from: number,
  to: number,
  places?: Uint32Array,
): void {
  if (copy === undefined || to <= from) {
    sendJsonText(reply, '[]\n');
    return;
  }
  const pieces = jsonPieces('[', slices(select(copy, places, from, to - from)), ']\n');
  sendPieces(request, reply, pieces, to - from);
}

export function sendPieces(request: FastifyRequest, reply: FastifyReply, pieces: Iterable<Piece>, count: number): void {
  send(request, reply, { 'content-type': JSON_TYPE }, count <= AT_ONCE ? measured(pieces) : streamed(pieces));
}
