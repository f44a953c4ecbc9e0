import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { limitExceeded, type ProblemError, requestLimits, shown } from '@almanac/domain';

/** The limits on the head of a request that Node's parser does not check, and on pipelined requests of one connection. */
export class RequestBounds {
  /** pending responses of each connection, beyond the first */
  readonly #behind = new WeakMap<Socket, number>();

  /** connections that close after a pending response */
  readonly #ending = new WeakSet<Socket>();

  /** Closes the connection after this response: what the client sent after the request is not read. */
  end({ socket }: IncomingMessage, response: ServerResponse): void {
    response.shouldKeepAlive = false;
    this.#ending.add(socket);
  }

  /** Whether an earlier request closes the connection. Such a request is dropped, because it cannot get a response. */
  isTooLate({ socket }: IncomingMessage, response: ServerResponse): boolean {
    return (response.socket === null || socket.writableEnded) && this.#ending.has(socket);
  }

  /** The reason why a request is refused; undefined if it is within the limits. */
  refusal(request: IncomingMessage, response: ServerResponse): ProblemError | undefined {
    const { url = '', rawHeaders } = request;
    const { urlBytes, headerLines } = requestLimits;
    if (url.length > urlBytes.value) {
      const detail = `The URL ${shown(url)} is too long`;
      return limitExceeded('uri-too-long', urlBytes, url.length, { detail, advice: 'Request less at a time.' });
    }
    const lines = rawHeaders.length / 2;
    if (lines > headerLines.value)
      return limitExceeded('head-too-large', headerLines, lines, { detail: 'The request has too many headers' });
    // Only the response to a pipelined request has no socket yet: it gets it when those before it have ended.
    return response.socket === null ? this.#pipelined(request, response) : undefined;
  }

  #pipelined({ socket }: IncomingMessage, response: ServerResponse): ProblemError | undefined {
    const count = (this.#behind.get(socket) ?? 0) + 1;
    this.#behind.set(socket, count);
    response.once('close', () => this.#behind.set(socket, (this.#behind.get(socket) as number) - 1));
    const limit = requestLimits.pipelined;
    if (count < limit.value) return undefined;
    const detail = 'The connection sent too many requests without reading the responses';
    return limitExceeded('too-many-requests', limit, count + 1, { detail, advice: 'Read each response before the next request.' });
  }
}
