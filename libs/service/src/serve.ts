import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { ConfigError } from './config.ts';
import { drain } from './drain.ts';
import { addressToListenOn } from './listen-address.ts';
import type { Logger } from './logger.ts';
import { collectAll, returnMemory } from './return-memory.ts';

export interface ServeOptions {
  host: string;
  port: number;
  /** accept on this Unix socket too */
  socket?: string | undefined;
  /** for a service behind the gateway: if it has a socket, its TCP port serves probes and metrics only */
  isBehindGateway?: boolean;
  drainSeconds: number;
  /** what to stop first of all, before the drain: a worker takes no further job and ends the one it has */
  stop?: readonly (() => unknown)[];
  /** what to close after the last request is answered, in this order: workers, then connections */
  close?: readonly (() => unknown)[];
  /** the longest a request or a job may take after the drain, in milliseconds */
  graceMs?: number;
}

/** Listens, and ends in order on SIGTERM, SIGINT or an error nobody caught. Resolves once the port is open. */
export async function serve(
  app: FastifyInstance,
  { host, port, socket, isBehindGateway = false, drainSeconds, stop = [], close = [], graceMs = 30_000 }: ServeOptions,
): Promise<void> {
  app.isApiOnSocketOnly = isBehindGateway && socket !== undefined;
  const second = socket === undefined ? undefined : await acceptOn(app, socket);
  if (second !== undefined) app.addHook('preClose', async () => void second.close());
  const grace = closeWithGrace({ delay: drainSeconds * 1000 + graceMs, logger: app.log }, async ({ err, signal }) => {
    if (err) app.log.fatal({ err }, 'an error nobody caught ends the service');
    else app.log.info({ signal }, 'stopping');
    // Every step runs, also when one before it failed: a stuck connection must not keep a job from being handed back.
    for (const step of [...stop, () => drain(app, err ? 0 : drainSeconds), ...close]) {
      try {
        await step();
      } catch (error) {
        app.log.error({ err: error }, 'a step of stopping failed');
      }
    }
  });
  app.addHook('onClose', async () => void grace.uninstall());
  // Starting fills the heap with what is needed once: some 40 MB go back to the system, and the young generation may then be as large as a
  // busy service wants it (16 MB: 1.3 times the reads a second of 2 MB).
  collectAll();
  const stopReturning = returnMemory();
  app.addHook('onClose', async () => stopReturning());
  await app.listen({ host: await addressToListenOn(host), port, backlog: 1024 });
}

/** A Unix socket that feeds the same HTTP server: on one host it costs less than half of what loopback TCP does. */
async function acceptOn(app: FastifyInstance, path: string): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((connection) => app.server.emit('connection', connection));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: 1024 }, resolve);
  });
  return server;
}

/** Runs a service's main: a wrong configuration is one message and exit code 1, never a stack trace. */
export async function main(logger: Logger, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (error instanceof ConfigError) logger.fatal(error.message);
    else logger.fatal({ err: error }, 'the service could not start');
    process.exitCode = 1;
    // Connections that were opened before the failure would keep the process alive.
    setTimeout(() => process.exit(1), 100).unref();
  }
}
