import type { IncomingMessage, ServerResponse } from 'node:http';
import { courseError, isCoursePath, type ProblemError } from '@almanac/domain';
import { NOSNIFF, PREFIX, PROBLEM_JSON, prefixOf, withPrefix } from '@almanac/service';
import { discardRest } from '../proxy/request-body.ts';

/** Answers with a problem outside Fastify, in the same form as everywhere. */
export function refuse(request: IncomingMessage, answer: ServerResponse, problem: ProblemError, id: string): void {
  if (answer.headersSent || answer.destroyed) return;
  writeProblem(request, answer, problem, id);
  answer.end();
}

/**
 * Answers at once a request whose body still comes, and ends when all of that was read and thrown away: a connection closed under a body
 * is reset, and the answer is lost with it.
 */
export function refuseUnread(request: IncomingMessage, answer: ServerResponse, problem: ProblemError, id: string): void {
  writeProblem(request, answer, problem, id);
  request.once('end', () => answer.end());
  discardRest(request);
}

function writeProblem(request: IncomingMessage, answer: ServerResponse, problem: ProblemError, id: string): void {
  const isCourse = isCoursePath(request.url ?? '');
  const body = Buffer.from(JSON.stringify(isCourse ? courseError(problem.message) : bodyOf(problem, request, id)));
  const type = isCourse ? 'application/json' : PROBLEM_JSON;
  const own = { ...NOSNIFF, 'cache-control': 'no-store', 'content-type': type, 'content-length': body.length, 'x-request-id': id };
  answer.writeHead(problem.status, { ...own, ...problem.headers });
  if (request.method !== 'HEAD') answer.write(body);
}

const bodyOf = (problem: ProblemError, { headers }: IncomingMessage, id: string) =>
  withPrefix(problem.body(`urn:request:${id}`), prefixOf(headers[PREFIX]));
