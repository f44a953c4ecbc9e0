import type { IncomingMessage } from 'node:http';

/** Reads a small body whole. `done` is not called where the client goes away first. */
export function readWhole(request: IncomingMessage, length: number, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)));
}

/**
 * What is left of a body whose response has been given is read and thrown away, so that the client can finish sending and read the
 * response; not for longer than this.
 */
const LINGER_MS = 10_000;

export function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  // Whoever read it for the service waits for a chunk that is not for it any more.
  request.removeAllListeners('readable');
  process.nextTick(() => request.resume());
}
