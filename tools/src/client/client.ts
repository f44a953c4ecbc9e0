import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Failure } from '../system/failure.ts';

export interface Response {
  status: number;
  type: string;
  /** the header Retry-After, unparsed */
  retryAfter: string | undefined;
  bytes: Buffer;
}

/** The members of a job record that the tools read. */
export interface JobRecord {
  id: string;
  status: string;
  progress: number;
  stage: string | null;
  message: string | null;
  results: Record<string, { href: string; type: string; bytes: number }>;
  notes?: string[];
  problem?: { title?: string; detail?: string };
}

/** The members of a load report that the tools read. */
export interface LoadReport {
  dataset: string;
  version: string;
  digest: string;
  format: string;
  rows: number;
  rejected: number;
  rejects: { row: number; reason: string }[];
  key: string | null;
  columns: { name: string; type: string; unit?: string }[];
  seconds: number;
  notes: string[];
}

/** An HTTP client for a running Almanac. Each error is a Failure with a readable message. */
export class Client {
  readonly base: string;
  #headers: Record<string, string>;

  /** `tokens`: a list separated by commas, as the gateway reads it; the first is sent. */
  constructor(base: string, tokens = process.env.ALMANAC_WRITE_TOKEN) {
    this.base = base.replace(/\/+$/, '');
    const token = tokens?.split(',', 1)[0]?.trim();
    this.#headers = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  }

  /** Returns the URL of a path of the API, or of a link in a response, which already starts with the path of the base. */
  urlOf(path: string): URL {
    const prefix = new URL(this.base).pathname.replace(/\/$/, '');
    return new URL(path.startsWith(`${prefix}/`) ? path : prefix + path, this.base);
  }

  /** Sends a string unchanged, any other body as JSON. Returns the parsed response. */
  async json<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await this.send(
      method,
      path,
      { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      (request) => request.end(content),
    );
    return JSON.parse(accepted(response).bytes.toString()) as T;
  }

  async bytes(path: string): Promise<Buffer> {
    return accepted(await this.send('GET', path, {}, (request) => request.end())).bytes;
  }

  /** Sends a file unchanged. Stops if the service responds early, for example with an error. */
  async putFile<T>(
    path: string,
    file: string,
    headers: Record<string, string>,
    onProgress: (sent: number, of: number) => void,
  ): Promise<T> {
    const { size } = await stat(file);
    const response = await this.send('PUT', path, { 'content-length': String(size), ...headers }, (request) => {
      let sent = 0;
      const source = createReadStream(file, { highWaterMark: 1 << 18 });
      source.on('data', (part) => {
        sent += part.length;
        onProgress(sent, size);
      });
      source.once('error', (error) => request.destroy(error));
      request.once('close', () => source.destroy());
      source.pipe(request);
    });
    return JSON.parse(accepted(response).bytes.toString()) as T;
  }

  async send(method: string, path: string, headers: Record<string, string>, write: (request: ClientRequest) => void): Promise<Response> {
    const url = this.urlOf(path);
    const options: RequestOptions = { method, headers: { ...this.#headers, ...headers } };
    return await new Promise<Response>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
      let received: Promise<void> | undefined;
      request.once('response', (response) => {
        // A response before the end of the body is an error: the rest is not sent.
        received = collect(response)
          .then(resolve, reject)
          .finally(() => request.writableFinished || request.destroy());
      });
      // An early response counts, although the connection then breaks.
      request.on('error', (error) => received ?? reject(this.#unreachable(error)));
      write(request);
    });
  }

  #unreachable(error: NodeJS.ErrnoException): Failure {
    if (error.code === 'ECONNREFUSED') return new Failure(`Nothing listens at ${this.base}. Start Almanac with:  ./almanac up`);
    if (error.syscall === 'open' || error.syscall === 'read') return new Failure(error.message);
    return new Failure(`${this.base} is unreachable: ${error.message || error.code}`);
  }
}

async function collect(response: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const { 'content-type': type = '', 'retry-after': retryAfter } = response.headers;
  return { status: response.statusCode ?? 0, type, retryAfter, bytes: Buffer.concat(parts) };
}

/** Returns a successful response. Throws a Failure with the problem details of any other. */
function accepted(response: Response): Response {
  if (response.status < 400) return response;
  throw new Failure(problemText(response));
}

export function problemText({ status, type, bytes }: Response): string {
  if (!type.includes('json')) return `status ${status}: ${bytes.toString().slice(0, 300)}`;
  const problem = JSON.parse(bytes.toString()) as {
    title?: string;
    detail?: string;
    errors?: { parameter?: string; path?: string; detail: string }[];
  };
  const details = (problem.errors ?? [])
    .filter(({ detail }) => problem.detail?.includes(detail) !== true)
    .map(({ parameter, path, detail }) => `  ${parameter ?? path ?? ''}: ${detail}`);
  return [`${problem.title ?? `Status ${status}`}: ${problem.detail ?? ''}`, ...details].join('\n');
}
