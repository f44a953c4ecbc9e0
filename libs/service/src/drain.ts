import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    drain: Drain;
  }
}

/** A client that opens a connection for a request starts to send within this time. */
const UNUSED_MS = 1000;

/** Whether the service is stopping. While it is, every response has `Connection: close`. */
export class Drain {
  isDraining = false;
  /** the time at which each was opened, by performance.now() */
  readonly #connections = new Map<Socket, number>();

  track(connection: Socket): void {
    this.#connections.set(connection, performance.now());
    connection.once('close', () => this.#connections.delete(connection));
  }

  /**
   * Closes connections that were opened but never used; browsers and pools open some in advance. Node does not count them as idle, and a
   * closing server waits a minute for their request.
   */
  endUnused(): void {
    for (const [connection, opened] of this.#connections)
      if (connection.bytesRead === 0 && performance.now() - opened > UNUSED_MS) connection.destroy();
  }
}

export const draining = fastifyPlugin(
  async (app: FastifyInstance, { drain }: { drain: Drain }) => {
    app.decorate('drain', drain);
    app.server.on('connection', (connection: Socket) => drain.track(connection));
    app.addHook('onRequest', (_, reply, done) => {
      if (drain.isDraining) reply.header('connection', 'close');
      done();
    });
  },
  { name: 'draining' },
);

/**
 * Stops a service without losing a request: sets it unready and `Connection: close` on every response, keeps serving for `drainSeconds`, then
 * closes the listeners and idle connections and waits for requests in progress. Callers keep idle connections for less than `drainSeconds`,
 * so every connection in use has seen the header.
 */
export async function drain(app: FastifyInstance, drainSeconds: number): Promise<void> {
  app.drain.isDraining = true;
  app.log.info({ drainSeconds }, 'draining');
  await sleep(drainSeconds * 1000);
  // When a request in progress ends, its connection becomes idle and would stay open until the caller closes it.
  const idle = setInterval(() => {
    app.server.closeIdleConnections();
    app.drain.endUnused();
  }, 50);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
  }
}
