import type { FastifyReply } from 'fastify';

/** Sends JSON that is text already, byte for byte, as `application/json` and no more: clients of the course compare the type with that. */
export const sendJsonText = (reply: FastifyReply, text: string | Buffer, status = 200): FastifyReply =>
  reply
    .code(status)
    .header('content-type', 'application/json')
    .send(typeof text === 'string' ? Buffer.from(text) : text);
