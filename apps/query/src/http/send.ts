import type { ServerResponse } from 'node:http';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Body } from '../answers/body.ts';

export type Headers = Record<string, string | number>;

/** Bytes written before the connection is asked whether it keeps up. */
const FLUSH_BYTES = 64 * 1024;
/** Longest stretch of work before other requests get their turn. */
const TURN_MS = 10;
/** A client that takes nothing for this long is let go. */
const STALL_MS = 60_000;

/**
 * Answers by writing to the connection itself: slices go out without being copied together, a long body no faster than the client
 * takes it, and none of it once the client is gone. Hooks on the answer (metrics, log) still run.
 */
export function send(request: FastifyRequest, reply: FastifyReply, headers: Headers, body: Body): void {
  const raw = begin(reply, 200, body.bytes === undefined ? headers : { ...headers, 'content-length': body.bytes });
  if (request.method === 'HEAD') raw.end();
  else
    write(raw, body).catch((error: unknown) => {
      request.log.error({ err: error }, 'an answer broke off');
      raw.destroy();
    });
}

/** 304: the caller has it. */
export function sendUnchanged(reply: FastifyReply, headers: Headers): void {
  begin(reply, 304, headers).end();
}

function begin(reply: FastifyReply, status: number, headers: Headers): ServerResponse {
  // What the hooks set: the request's id, and Connection: close while the service stops.
  const own = reply.getHeaders() as Headers;
  reply.hijack();
  return reply.raw.writeHead(status, { ...own, ...headers });
}

async function write(raw: ServerResponse, { pieces }: Body): Promise<void> {
  let pending = 0;
  let since = performance.now();
  raw.cork();
  for (const piece of pieces) {
    raw.write(piece);
    pending += piece.length;
    if (pending < FLUSH_BYTES) continue;
    raw.uncork();
    if (raw.writableNeedDrain && !(await drained(raw))) return;
    if (performance.now() - since > TURN_MS) {
      await otherWork();
      since = performance.now();
    }
    if (raw.destroyed) return;
    raw.cork();
    pending = 0;
  }
  raw.end();
}

/** Resolves when the client has taken what was written: false where it went away, or was let go because it takes nothing. */
function drained(raw: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const stalled = setTimeout(() => raw.destroy(), STALL_MS);
    const done = () => {
      clearTimeout(stalled);
      raw.off('drain', done);
      raw.off('close', done);
      resolve(!raw.destroyed);
    };
    raw.on('drain', done);
    raw.on('close', done);
  });
}
