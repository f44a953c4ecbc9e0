import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** So much of a refused body is read before the answer goes out, or for so long. */
const BEFORE_BYTES = 256 << 20;
const BEFORE_MS = 2000;
/** What then still comes is read for so long, while the client has the answer before it; then the connection is closed. */
const AFTER_MS = 3000;

/**
 * Reads what is left of a refused body, because many clients only look at the answer once they have sent everything, and a
 * connection that is closed on unread bytes takes the answer with it. When the body was read to its end the connection stays usable.
 */
export const finishBody = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply) => {
      // A stalled body is not waited for: the connection is closed after the answer.
      if (isRead(request.raw) || reply.statusCode === 408) return;
      await passOver(request.raw);
      if (!app.drain.isDraining) reply.removeHeader('connection');
    });
    app.addHook('onResponse', async (request) => {
      if (isRead(request.raw)) return;
      // Ends the connection, too: the message is not complete.
      const timer = setTimeout(() => request.raw.destroy(), AFTER_MS).unref();
      request.raw.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
      // Unread, a body that is complete by now would end a connection that the gateway already uses for the next request.
      request.raw.resume();
    });
  },
  { name: 'finish-body', dependencies: ['draining'] },
);

/** An injected request does not say whether it is complete, and has no connection. */
const isRead = ({ complete }: IncomingMessage): boolean => complete !== false;

function passOver(body: Readable): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(done, BEFORE_MS);
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
    body.on('data', count).on('end', done).on('close', done).resume();
  });
}
