import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { limitExceeded, type ProblemError, requestLimits, shown } from '@almanac/domain';

/** The bounds on a request's head that Node's parser does not set, and on the responses that one connection is owed. */
export class RequestBounds {
  /** responses that connections are owed, beyond the first */
  readonly #behind = new WeakMap<Socket, number>();

  /** connections that close after a response they are owed */
  readonly #ending = new WeakSet<Socket>();

  /** The connection closes after this response: what its client sent behind it is not read. */
  end({ socket }: IncomingMessage, response: ServerResponse): void {
    response.shouldKeepAlive = false;
    this.#ending.add(socket);
  }

  /** Whether a request came behind one after which its connection closes: it is not passed on, because it cannot be answered. */
  isTooLate({ socket }: IncomingMessage, response: ServerResponse): boolean {
    return (response.socket === null || socket.writableEnded) && this.#ending.has(socket);
  }

  /** Why a request is refused; undefined if it is within its bounds. */
  refusal(request: IncomingMessage, response: ServerResponse): ProblemError | undefined {
    const { url = '', rawHeaders } = request;
    const { urlBytes, headerLines } = requestLimits;
    if (url.length > urlBytes.value) {
      const detail = `The URL ${shown(url)} is too long`;
      return limitExceeded('uri-too-long', urlBytes, url.length, { detail, advice: 'Ask for less at a time.' });
    }
    const lines = rawHeaders.length / 2;
    if (lines > headerLines.value)
      return limitExceeded('head-too-large', headerLines, lines, { detail: 'The request has too many headers' });
    // A response gets the connection when those before it have ended; only pipelined requests come without it.
    return response.socket === null ? this.#pipelined(request, response) : undefined;
  }

  #pipelined({ socket }: IncomingMessage, response: ServerResponse): ProblemError | undefined {
    const count = (this.#behind.get(socket) ?? 0) + 1;
    this.#behind.set(socket, count);
    response.once('close', () => this.#behind.set(socket, (this.#behind.get(socket) as number) - 1));
    const limit = requestLimits.pipelined;
    if (count < limit.value) return undefined;
    const detail = 'The connection sent too many requests without reading their responses';
    return limitExceeded('too-many-requests', limit, count + 1, { detail, advice: 'Read each response before the next request.' });
  }
}
