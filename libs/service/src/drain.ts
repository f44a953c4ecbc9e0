import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    drain: Drain;
  }
}

/** Whoever opened a connection to send a request has begun within this time. */
const UNUSED_MS = 1000;

/** Whether the service is stopping. While it is, every answer tells its caller to let go of the connection. */
export class Drain {
  isDraining = false;
  /** when each was opened, by performance.now() */
  readonly #connections = new Map<Socket, number>();

  know(connection: Socket): void {
    this.#connections.set(connection, performance.now());
    connection.once('close', () => this.#connections.delete(connection));
  }

  /**
   * Ends connections that were opened and never used, as browsers and pools open them ahead of need: to Node they are not idle but about
   * to send a request, and a server that closes waits a minute for it.
   */
  endUnused(): void {
    for (const [connection, opened] of this.#connections)
      if (connection.bytesRead === 0 && performance.now() - opened > UNUSED_MS) connection.destroy();
  }
}

export const draining = fastifyPlugin(
  async (app: FastifyInstance, { drain }: { drain: Drain }) => {
    app.decorate('drain', drain);
    app.server.on('connection', (connection: Socket) => drain.know(connection));
    app.addHook('onRequest', (_, reply, done) => {
      if (drain.isDraining) reply.header('connection', 'close');
      done();
    });
  },
  { name: 'draining' },
);

/**
 * The order in which a service stops without losing a request: readiness false and `Connection: close` on every answer,
 * serve on for `drainSeconds` so that every caller hears it, then close the listeners and idle sockets and finish what is in flight.
 * Callers keep idle connections for less than `drainSeconds`, so none is left that never heard.
 */
export async function drain(app: FastifyInstance, drainSeconds: number): Promise<void> {
  app.drain.isDraining = true;
  app.log.info({ drainSeconds }, 'draining');
  await sleep(drainSeconds * 1000);
  // A request that was in flight leaves its connection idle when it ends, and nobody would close it before the caller does.
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
