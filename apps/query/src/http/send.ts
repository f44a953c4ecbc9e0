import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Body } from '../answers/body.ts';
import { Turn } from '../turn.ts';

export type Headers = Record<string, string | number>;

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

/** What is written in one turn leaves together: Node corks the connection until the turn ends. */
async function write(raw: ServerResponse, { pieces }: Body): Promise<void> {
  if (Array.isArray(pieces)) {
    // Made already, so waiting would only split it.
    for (const piece of pieces) raw.write(piece);
    raw.end();
    return;
  }
  const turn = new Turn();
  for (const piece of pieces) {
    if (!raw.write(piece) && !(await drained(raw))) return;
    if (turn.isOver()) await turn.pass();
    if (raw.destroyed) return;
  }
  raw.end();
}

/** Resolves when the client has taken what was written: false where it went away, or was let go because it takes nothing. */
function drained(raw: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    if (raw.destroyed) {
      resolve(false);
      return;
    }
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
