import { type Agent, request as httpRequest } from 'node:http';

export interface LoadRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface LoadResponse {
  status: number;
  text: string;
  retryAfter?: string | undefined;
  isReused: boolean;
}

/** A request without a complete response. */
export class Broken extends Error {
  readonly isReused: boolean;

  constructor(message: string, isReused: boolean) {
    super(message);
    this.isReused = isReused;
  }
}

/**
 * Sends one request, once: no retry, no replay. Sends headers and body in one write, because a server that responds and closes between two
 * writes looks like one that lost the request. Throws Broken if there is no complete response.
 */
export async function send(
  url: string,
  agent: Agent,
  { method, path, headers = {}, body }: LoadRequest,
  timeoutMs: number,
): Promise<LoadResponse> {
  return await new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest(new URL(path, url), { method, agent, headers: { ...headers, ...length } });
    const broken = (reason: string) => {
      clearTimeout(timer);
      reject(new Broken(reason, request.reusedSocket));
      request.destroy();
    };
    const timer = setTimeout(() => broken(`no response within ${timeoutMs} ms`), timeoutMs);
    request.once('error', (error: NodeJS.ErrnoException) => broken(error.code ?? error.message));
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (part: string) => (text += part));
      response.once('error', (error: NodeJS.ErrnoException) => broken(`the response was aborted: ${error.code ?? error.message}`));
      response.once('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text, retryAfter: response.headers['retry-after'], isReused: request.reusedSocket });
      });
    });
    request.end(body);
  });
}
