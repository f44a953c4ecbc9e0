import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemError, requestLimits } from '@almanac/domain';
import { PROBLEM_JSON } from './problems.ts';

export type ClientError = Error & { code?: string };

/** How long a refused caller may continue to send before the connection closes: closed at once, it would be reset and the problem lost. */
const LINGER_MS = 2_000;

const refused = new WeakSet<Socket>();

/**
 * Handles input that Node's HTTP parser refuses. It never becomes a request, so the problem is written to the connection, which then
 * closes. If earlier responses are pending, the problem waits for them: a pipelining caller would take it for the response to an earlier
 * request. `headBytes` is the server's `maxHeaderSize`, for the message.
 */
export function refuseConnection(error: ClientError, socket: Socket, headBytes: number): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    if (!refused.has(socket)) socket.destroy();
    return;
  }
  // The parser stays in its error state: further bytes only repeat the error.
  if (refused.has(socket)) return;
  refused.add(socket);
  socket.pause();
  inTurn(socket, () => {
    socket.end(problemText(error.code, headBytes));
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

/** Node keeps the current response in this member; its default handler uses it too. */
type WithResponse = Socket & { _httpMessage?: ServerResponse | null };

function inTurn(socket: WithResponse, write: () => void): void {
  const pending = socket._httpMessage;
  if (!socket.writable) socket.destroy();
  else if (pending === null || pending === undefined) write();
  else if (pending.req.complete) pending.once('close', () => inTurn(socket, write));
  // The invalid bytes are the body of this request: the problem is its response, unless one has begun.
  else if (pending.headersSent) socket.destroy();
  else write();
}

function problemText(code: string | undefined, headBytes: number): string {
  const problem = parserProblem(code, headBytes);
  const body = JSON.stringify(problem.body());
  const { status } = problem;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\nx-content-type-options: nosniff\r\ncontent-type: ${PROBLEM_JSON}`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function parserProblem(code: string | undefined, headBytes: number): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') return headTooLarge(headBytes);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ProblemError('request-timeout', 'The request headers did not arrive in time.');
  return new ProblemError('bad-request', `The request is not valid HTTP/1.1 (${code ?? 'parse error'}).`);
}

const headTooLarge = (headBytes: number): ProblemError =>
  new ProblemError(
    'head-too-large',
    `The URL and the headers are larger than ${headBytes.toLocaleString('en')} bytes. Send fewer or shorter headers.`,
    { extra: { limit: headBytes, unit: requestLimits.headBytes.unit } },
  );
