import type { DatasetReader } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parts } from './body.ts';
import { mediaTypes } from './media-types.ts';
import { type Headers, send } from './send.ts';

/** Sends JSON that is made already, in parts if it is long. What a slow caller holds of it counts against the budget of all reads. */
export function sendJson(
  { reader }: { reader: DatasetReader },
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Headers,
  json: Buffer,
): void {
  const hold = () => reader.memory.reserve(json.length).release;
  send(request, reply, { 'content-type': mediaTypes.json, ...headers }, { ...parts(json), hold });
}

/** Items as the JSON texts they are, with the other members of the response. */
export const listOf = (items: readonly (string | Buffer)[], envelope: object): Buffer =>
  Buffer.from(`{"items":[${items.join(',')}],${JSON.stringify(envelope).slice(1)}`);
