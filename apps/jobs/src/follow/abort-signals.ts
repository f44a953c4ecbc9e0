import type { FastifyInstance, FastifyReply } from 'fastify';

/** Aborted when the service stops, so that waiting requests end. */
export function shutdownSignal(app: Pick<FastifyInstance, 'addHook'>): AbortSignal {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  return closing.signal;
}

/** Aborted when the client disconnects or the service stops. */
export function disconnectSignal(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}
