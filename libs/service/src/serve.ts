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
  /** also listen on this Unix socket */
  socket?: string | undefined;
  /** the service is behind the gateway: if it has a socket, its TCP port serves only probes and metrics */
  isBehindGateway?: boolean;
  drainSeconds: number;
  /** runs first, before the drain: a worker takes no further job and finishes the current one */
  stop?: readonly (() => unknown)[];
  /** runs after the last response, in this order: workers, then connections */
  close?: readonly (() => unknown)[];
  /** the maximum time for requests and jobs after the drain, in milliseconds */
  graceMs?: number;
}

/** Listens, and shuts down in order on SIGTERM, SIGINT or an uncaught error. Resolves when the port is open. */
export async function serve(
  app: FastifyInstance,
  { host, port, socket, isBehindGateway = false, drainSeconds, stop = [], close = [], graceMs = 30_000 }: ServeOptions,
): Promise<void> {
  app.isApiOnSocketOnly = isBehindGateway && socket !== undefined;
  const second = socket === undefined ? undefined : await acceptOn(app, socket);
  if (second !== undefined) app.addHook('preClose', async () => void second.close());
  const grace = closeWithGrace({ delay: drainSeconds * 1000 + graceMs, logger: app.log }, async ({ err, signal }) => {
    if (err) app.log.fatal({ err }, 'uncaught error; shutting down');
    else app.log.info({ signal }, 'shutting down');
    // Every step runs even if an earlier one failed: a stuck connection must not prevent a job from being returned to its queue.
    for (const step of [...stop, () => drain(app, err ? 0 : drainSeconds), ...close]) {
      try {
        await step();
      } catch (error) {
        app.log.error({ err: error }, 'shutdown step failed');
      }
    }
  });
  app.addHook('onClose', async () => void grace.uninstall());
  // Garbage of the start-up: about 40 MB are returned to the system. The young generation may then be as large as a busy service needs
  // (16 MB gives 1.3 times the reads per second of 2 MB).
  collectAll();
  const stopReturning = returnMemory();
  app.addHook('onClose', async () => stopReturning());
  await app.listen({ host: await addressToListenOn(host), port, backlog: 1024 });
}

/** A Unix socket of the same HTTP server: on one host it costs less than half as much CPU as loopback TCP. */
async function acceptOn(app: FastifyInstance, path: string): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((connection) => app.server.emit('connection', connection));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: 1024 }, resolve);
  });
  return server;
}

/** Runs the main function of a service. An invalid configuration is one message and exit code 1, without a stack trace. */
export async function main(logger: Logger, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (error instanceof ConfigError) logger.fatal(error.message);
    else logger.fatal({ err: error }, 'service failed to start');
    process.exitCode = 1;
    // Open connections would keep the process alive.
    setTimeout(() => process.exit(1), 100).unref();
  }
}
