import type { ServerResponse } from 'node:http';
import { ProblemError, readLimits } from '@almanac/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TimeSlice } from '../time-slice.ts';
import type { Body, Piece } from './body.ts';

export type Headers = Record<string, string | number>;

const { stallMs, streams } = readLimits;

let openStreams = 0;

/**
 * Writes a response to the connection itself: slices are sent without being copied together, a long body no faster than the client
 * reads it, and nothing once the client has disconnected. Hooks on the response (metrics, log) still run.
 * Throws 503 if this process streams the maximum number of responses.
 */
export function send(request: FastifyRequest, reply: FastifyReply, headers: Headers, body: Body, status = 200): void {
  const head = body.bytes === undefined ? headers : { ...headers, 'content-length': body.bytes };
  if (request.method === 'HEAD') begin(reply, status, head).end();
  else if (Array.isArray(body.pieces)) {
    const raw = begin(reply, status, head);
    // The body is complete, so waiting would only split it. The server's own timeout closes the connection of a client that does not read.
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
      request.log.error({ err: error }, 'response failed while it was streamed');
      raw.destroy();
    })
    .finally(() => {
      openStreams--;
      release?.();
    });
}

/** Sends 304 Not Modified. */
export function sendUnchanged(reply: FastifyReply, headers: Headers): void {
  begin(reply, 304, headers).end();
}

function begin(reply: FastifyReply, status: number, headers: Headers): ServerResponse {
  // Headers that hooks set: the request's id, and Connection: close while the service shuts down.
  const own = reply.getHeaders() as Headers;
  reply.hijack();
  return reply.raw.writeHead(status, { ...own, ...headers });
}

/** What is written in one time slice is sent together: Node corks the connection until the end of the event loop's turn. */
async function write(raw: ServerResponse, pieces: Body['pieces']): Promise<void> {
  const timeSlice = new TimeSlice();
  for await (const piece of pieces) {
    if (raw.destroyed) return;
    if (!raw.write(piece) && !(await drained(raw))) return;
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  raw.end();
}

/** Resolves when the client has read what was written; to false if it disconnected or stalled. */
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
  new ProblemError('unavailable', `query is overloaded: it streams ${streams.value} responses already, the limit. Retry shortly.`, {
    headers: { 'retry-after': '5' },
  });
