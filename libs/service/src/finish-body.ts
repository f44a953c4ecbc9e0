import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** So much of a refused body is read before the answer goes out, or for so long. */
const BEFORE_BYTES = 256 << 20;
const BEFORE_MS = 2_000;
/** What then still comes is read for so long, while the client has the answer before it; then the connection is closed. */
const AFTER_MS = 3_000;

/**
 * Reads what is left of a refused body, because many clients only look at the answer once they have sent everything, and a
 * connection that is closed on unread bytes takes the answer with it. When the body was read to its end the connection stays usable.
 */
export const finishBody = fastifyPlugin(
  async (app: FastifyInstance, { beforeMs = BEFORE_MS, afterMs = AFTER_MS }: { beforeMs?: number; afterMs?: number }) => {
    app.addHook('onSend', async (request, reply) => {
      if (isRead(request.raw)) return;
      // A stalled body is not waited for: the client has the answer at once, and may still send the rest.
      if (reply.statusCode !== 408) await passOver(request.raw, beforeMs);
      if (!app.drain.isDraining) reply.removeHeader('connection');
    });
    app.addHook('onResponse', async ({ raw }) => {
      if (isRead(raw)) return;
      // By then the gateway may use the connection for the next request: only a body that is still not complete ends it.
      const timer = setTimeout(() => isRead(raw) || raw.destroy(), afterMs).unref();
      raw.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
      flow(raw);
    });
  },
  { name: 'finish-body', dependencies: ['draining'] },
);

/** Throws away what comes. A read that stalled still waits for a chunk and would hold the stream. */
function flow(body: Readable): void {
  body.removeAllListeners('readable').resume();
}

/** An injected request does not say whether it is complete, and has no connection. */
const isRead = ({ complete }: IncomingMessage): boolean => complete !== false;

function passOver(body: Readable, withinMs: number): Promise<void> {
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
