import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Sends pieces as they come, waiting where the client is slower, and stopping when it goes away. With `length` the answer carries a
 * Content-Length. An error after the head has left breaks the connection off: half an answer must not look whole.
 */
export async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  pieces: AsyncIterable<Uint8Array | string>,
  length?: number,
): Promise<void> {
  const raw = takeOver(reply, length);
  if (request.method === 'HEAD') return void raw.end();
  try {
    for await (const piece of pieces) {
      if (!raw.write(piece)) await writable(raw);
      if (raw.destroyed) return;
    }
    raw.end();
  } catch (error) {
    request.log.error({ err: error }, 'an answer broke off');
    raw.destroy();
  }
}

/** Sends a few pieces that are at hand as one answer, without joining them: one write to the socket, nothing copied. */
export function sendPieces(request: FastifyRequest, reply: FastifyReply, pieces: readonly (Buffer | string)[]): void {
  const raw = takeOver(
    reply,
    pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0),
  );
  if (request.method === 'HEAD') return void raw.end();
  raw.cork();
  for (const piece of pieces) raw.write(piece);
  raw.end();
  raw.uncork();
}

function takeOver(reply: FastifyReply, length: number | undefined): ServerResponse {
  if (length !== undefined) reply.header('content-length', length);
  const headers = reply.getHeaders();
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, headers as Record<string, string>);
  return reply.raw;
}

/** Resolves when there is room again, or the client is gone. */
async function writable(raw: ServerResponse): Promise<void> {
  if (raw.destroyed) return;
  const closed = new AbortController();
  try {
    await Promise.race([once(raw, 'drain', { signal: closed.signal }), once(raw, 'close', { signal: closed.signal })]);
  } finally {
    closed.abort();
  }
}
