import type { IncomingMessage, ServerResponse } from 'node:http';
import { courseError, isCoursePath, type ProblemError } from '@almanac/domain';
import { NOSNIFF, PREFIX, PROBLEM_JSON, prefixOf, withPrefix } from '@almanac/service';
import { discardRest } from '../proxy/request-body.ts';

/** Sends a problem outside Fastify, in the same form as Fastify's error handler does. */
export function refuse(request: IncomingMessage, response: ServerResponse, problem: ProblemError, id: string): void {
  if (response.headersSent || response.destroyed) return;
  writeProblem(request, response, problem, id);
  response.end();
}

/**
 * Sends a problem before the body has arrived, and discards the body until its end: a connection that is closed on unread bytes is reset,
 * and the client loses the response.
 */
export function refuseUnread(request: IncomingMessage, response: ServerResponse, problem: ProblemError, id: string): void {
  writeProblem(request, response, problem, id);
  request.once('end', () => response.end());
  discardRest(request);
}

function writeProblem(request: IncomingMessage, response: ServerResponse, problem: ProblemError, id: string): void {
  const isCourse = isCoursePath(request.url ?? '');
  const body = Buffer.from(JSON.stringify(isCourse ? courseError(problem.message) : bodyOf(problem, request, id)));
  const type = isCourse ? 'application/json' : PROBLEM_JSON;
  const own = { ...NOSNIFF, 'cache-control': 'no-store', 'content-type': type, 'content-length': body.length, 'x-request-id': id };
  response.writeHead(problem.status, { ...own, ...problem.headers });
  if (request.method !== 'HEAD') response.write(body);
}

const bodyOf = (problem: ProblemError, { headers }: IncomingMessage, id: string) =>
  withPrefix(problem.body(`urn:request:${id}`), prefixOf(headers[PREFIX]));
