import type { IncomingMessage } from 'node:http';

/** Reads a small body. `done` is not called if the client disconnects first. */
export function readWhole(request: IncomingMessage, length: number, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)));
}

/** How long `discardRest` reads at most, in milliseconds. */
const LINGER_MS = 10_000;

/** Reads and discards the rest of a body after the response was sent, so that the client can finish sending and read the response. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  // The reader that forwarded the body would otherwise still wait for a chunk.
  request.removeAllListeners('readable');
  process.nextTick(() => request.resume());
}
