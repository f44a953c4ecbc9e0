import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemError } from '@almanac/domain';
import { PROBLEM_JSON } from './problems.ts';

/** Returns a problem for what Node's parser refused. It never became a request, so the answer goes to the bare connection, which then ends. */
export function refuseUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, problem] = problemOf(error.code);
  const body = JSON.stringify({ ...problem.body(), status });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n` +
      `content-type: ${PROBLEM_JSON}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function problemOf(code: string | undefined): [number, ProblemError] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, new ProblemError('bad-request', 'The headers are larger than this service accepts.')];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [408, new ProblemError('request-timeout', 'The head of the request did not arrive in time.')];
  return [400, new ProblemError('bad-request', `The request does not follow HTTP/1.1 (${code ?? 'parse error'}).`)];
}
