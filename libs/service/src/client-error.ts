import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemError, requestLimits } from '@almanac/domain';
import { PROBLEM_JSON } from './problems.ts';

export type ClientError = Error & { code?: string };

/** How long a caller may go on sending after it was refused, so that it can read why. A connection closed at once is reset. */
const LINGER_MS = 2_000;

const refused = new WeakSet<Socket>();

/**
 * Handles what Node's HTTP parser refuses: it never becomes a request, so the problem is written to the connection itself, which then
 * closes. On a connection that still owes answers the problem waits for its turn: written at once, a caller that pipelines would take it
 * for the answer to an earlier request. `headBytes` is the server's `maxHeaderSize`, for the message.
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

/** Node keeps the answer whose turn it is in this member, and decides by it in its own default handler. */
type WithAnswer = Socket & { _httpMessage?: ServerResponse | null };

function inTurn(socket: WithAnswer, write: () => void): void {
  const owed = socket._httpMessage;
  if (!socket.writable) socket.destroy();
  else if (owed === null || owed === undefined) write();
  else if (owed.req.complete) owed.once('close', () => inTurn(socket, write));
  // The broken bytes are the body of this request: the problem is its answer, unless another has begun.
  else if (owed.headersSent) socket.destroy();
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
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ProblemError('request-timeout', 'The head of the request did not arrive in time.');
  return new ProblemError('bad-request', `The request does not follow HTTP/1.1 (${code ?? 'parse error'}).`);
}

const headTooLarge = (headBytes: number): ProblemError =>
  new ProblemError(
    'head-too-large',
    `The URL and the headers are larger than ${headBytes.toLocaleString('en')} bytes. Send fewer or shorter headers.`,
    { extra: { limit: headBytes, unit: requestLimits.headBytes.unit } },
  );
