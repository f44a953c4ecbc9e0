import type { ServerResponse } from 'node:http';
import { ProblemError, readLimits } from '@almanac/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TimeSlice } from '../time-slice.ts';
import type { Body, Piece } from './body.ts';

export type Headers = Record<string, string | number>;

const { stallMs, streams } = readLimits;

let openStreams = 0;

/**
 * Answers by writing to the connection itself: slices go out without being copied together, a long body no faster than the client
 * takes it, and none of it once the client is gone. Hooks on the answer (metrics, log) still run.
 * Throws 503 if this process streams as many answers as it may.
 */
export function send(request: FastifyRequest, reply: FastifyReply, headers: Headers, body: Body, status = 200): void {
  const head = body.bytes === undefined ? headers : { ...headers, 'content-length': body.bytes };
  if (request.method === 'HEAD') begin(reply, status, head).end();
  else if (Array.isArray(body.pieces)) {
    const raw = begin(reply, status, head);
    // Made already, so waiting would only split it. A client that does not take it is ended by the server's own timeout.
    for (const piece of body.pieces as Piece[]) raw.write(piece);
    raw.end();
  } else stream(request, reply, head, body, status);
}

function stream(request: FastifyRequest, reply: FastifyReply, headers: Headers, body: Body, status: number): void {
  if (openStreams >= streams.value) throw tooManyStreams();
  const release = body.hold?.();
  openStreams++;
  const raw = begin(reply, status, headers);
  write(raw, body.pieces)
    .catch((error: unknown) => {
      request.log.error({ err: error }, 'an answer broke off');
      raw.destroy();
    })
    .finally(() => {
      openStreams--;
      release?.();
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
async function write(raw: ServerResponse, pieces: Body['pieces']): Promise<void> {
  const timeSlice = new TimeSlice();
  for await (const piece of pieces) {
    if (raw.destroyed) return;
    if (!raw.write(piece) && !(await drained(raw))) return;
    if (timeSlice.isSpent()) await timeSlice.yield();
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
    const stalled = setTimeout(() => raw.destroy(), stallMs.value);
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

const tooManyStreams = () =>
  new ProblemError('unavailable', `This service streams ${streams.value} answers already; retry shortly.`, {
    headers: { 'retry-after': '5' },
  });
