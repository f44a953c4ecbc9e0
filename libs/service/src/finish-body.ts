import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** The most bytes of a refused body that are read before the response is sent, and the longest time. */
const BEFORE_BYTES = 256 << 20;
const BEFORE_MS = 2_000;
/** How long the rest is read after the response was sent; then the connection is closed. */
const AFTER_MS = 3_000;

/**
 * Reads the rest of a refused body: many clients read the response only after they have sent everything, and a connection that is closed on
 * unread bytes loses the response. If the body was read to its end, the connection can be reused.
 */
export const finishBody = fastifyPlugin(
  async (app: FastifyInstance, { beforeMs = BEFORE_MS, afterMs = AFTER_MS }: { beforeMs?: number; afterMs?: number }) => {
    app.addHook('onSend', async (request, reply) => {
      if (isRead(request.raw)) return;
      // A stalled body (408) is not read first: the client gets the response at once and may still send the rest.
      if (reply.statusCode !== 408) await discard(request.raw, beforeMs);
      if (!app.drain.isDraining) reply.removeHeader('connection');
    });
    app.addHook('onResponse', async ({ raw }) => {
      if (isRead(raw)) return;
      // After that time the gateway may use the connection for the next request, so it is closed only if the body is incomplete.
      const timer = setTimeout(() => isRead(raw) || raw.destroy(), afterMs).unref();
      raw.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
      flow(raw);
    });
  },
  { name: 'finish-body', dependencies: ['draining'] },
);

/** Discards what arrives. A stalled reader still waits for a chunk and would hold the stream. */
function flow(body: Readable): void {
  body.removeAllListeners('readable').resume();
}

/** An injected request has no connection, and its `complete` is undefined. */
const isRead = ({ complete }: IncomingMessage): boolean => complete !== false;

function discard(body: Readable, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(done, withinMs);
    function count(chunk: Uint8Array) {
      bytes += chunk.length;
      if (bytes > BEFORE_BYTES) done();
    }
    function done() {
      clearTimeout(timer);
      body.off('data', count).off('end', done).off('close', done).pause();
      resolve();
    }
    if (body.destroyed || body.readableEnded) return done();
    flow(body.on('data', count).on('end', done).on('close', done));
  });
}
