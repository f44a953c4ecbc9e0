import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** Of a body that is refused early this much is read on, for this long at most, before the connection is closed on it. */
const PASS_OVER_BYTES = 64 << 20;
const PASS_OVER_MS = 2000;

/**
 * Reads what is left of a refused body before the answer goes out: many clients only look at the answer once they have sent everything.
 * When it was read to its end the connection stays usable; else it is closed after the answer.
 */
export const finishBody = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply) => {
      const isStalled = reply.statusCode === 408;
      if (request.raw.complete || isStalled) return;
      await passOver(request.raw);
      if (request.raw.complete && !app.drain.isDraining) reply.removeHeader('connection');
    });
  },
  { name: 'finish-body', dependencies: ['draining'] },
);

function passOver(body: Readable): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(done, PASS_OVER_MS);
    function count(chunk: Uint8Array) {
      bytes += chunk.length;
      if (bytes > PASS_OVER_BYTES) done();
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
