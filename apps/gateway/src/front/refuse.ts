import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { courseError, isCoursePath, ProblemError } from '@almanac/domain';
import { PROBLEM_JSON } from '@almanac/service';
import { discardRest } from './body.ts';

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
  const body = Buffer.from(JSON.stringify(isCourse ? courseError(problem.message) : problem.body(`urn:request:${id}`)));
  const type = isCourse ? 'application/json' : PROBLEM_JSON;
  const headers = { ...problem.headers, 'content-type': type, 'content-length': body.length, 'x-request-id': id };
  answer.writeHead(problem.status, headers);
  if (request.method !== 'HEAD') answer.write(body);
}

/** What Node's parser refused never becomes a request: the answer is written to the bare connection, which then ends. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, problem] = parserProblem(error.code);
  const body = JSON.stringify({ ...problem.body(), status });
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_JSON}\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\n\r\n${body}`);
}

function parserProblem(code: string | undefined): [number, ProblemError] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, new ProblemError('bad-request', 'The headers are larger than 16 KB.')];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [408, new ProblemError('request-timeout', 'The head of the request did not arrive in time.')];
  return [400, new ProblemError('bad-request', `The request does not follow HTTP/1.1 (${code ?? 'parse error'}).`)];
}
