import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Failure } from '../system/failure.ts';

export interface Answer {
  status: number;
  type: string;
  /** the header Retry-After as it came */
  retryAfter: string | undefined;
  bytes: Buffer;
}

/** What of a job record the tools read. */
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

/** What of a load report the tools read. */
export interface LoadAnswer {
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

/** Speaks to a running Almanac. Whatever goes wrong comes back as a Failure in sentences. */
export class Client {
  readonly base: string;
  #headers: Record<string, string>;

  /** `tokens`: as the gateway takes them, several between commas; the first is sent. */
  constructor(base: string, tokens = process.env.ALMANAC_WRITE_TOKEN) {
    this.base = base.replace(/\/+$/, '');
    const token = tokens?.split(',', 1)[0]?.trim();
    this.#headers = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  }

  /** Where a path of the API is, or a link of an answer: that has the path of the base in front already. */
  urlOf(path: string): URL {
    const prefix = new URL(this.base).pathname.replace(/\/$/, '');
    return new URL(path.startsWith(`${prefix}/`) ? path : prefix + path, this.base);
  }

  /** Text goes as it is, anything else as JSON. */
  async json<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.send(
      method,
      path,
      { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      (request) => request.end(content),
    );
    return JSON.parse(accepted(answer).bytes.toString()) as T;
  }

  async bytes(path: string): Promise<Buffer> {
    return accepted(await this.send('GET', path, {}, (request) => request.end())).bytes;
  }

  /** Sends a file as it is on disk. The body stops where the service answers early, with a refusal for one. */
  async putFile<T>(
    path: string,
    file: string,
    headers: Record<string, string>,
    onProgress: (sent: number, of: number) => void,
  ): Promise<T> {
    const { size } = await stat(file);
    const answer = await this.send('PUT', path, { 'content-length': String(size), ...headers }, (request) => {
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
    return JSON.parse(accepted(answer).bytes.toString()) as T;
  }

  async send(method: string, path: string, headers: Record<string, string>, write: (request: ClientRequest) => void): Promise<Answer> {
    const url = this.urlOf(path);
    const options: RequestOptions = { method, headers: { ...this.#headers, ...headers } };
    return await new Promise<Answer>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
      let answer: Promise<void> | undefined;
      request.once('response', (response) => {
        // One that comes before the body is sent is a refusal: the rest need not travel.
        answer = collect(response)
          .then(resolve, reject)
          .finally(() => request.writableFinished || request.destroy());
      });
      // An answer that came before the body was all sent counts, although the connection then breaks.
      request.on('error', (error) => answer ?? reject(this.#unreachable(error)));
      write(request);
    });
  }

  #unreachable(error: NodeJS.ErrnoException): Failure {
    if (error.code === 'ECONNREFUSED') return new Failure(`Nothing answers at ${this.base}. Start it with:  ./almanac up`);
    if (error.syscall === 'open' || error.syscall === 'read') return new Failure(error.message);
    return new Failure(`${this.base} cannot be reached: ${error.message || error.code}`);
  }
}

async function collect(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const { 'content-type': type = '', 'retry-after': retryAfter } = response.headers;
  return { status: response.statusCode ?? 0, type, retryAfter, bytes: Buffer.concat(parts) };
}

/** The answer if it is a success; else what the service says is wrong, line by line. */
function accepted(answer: Answer): Answer {
  if (answer.status < 400) return answer;
  throw new Failure(problemText(answer));
}

export function problemText({ status, type, bytes }: Answer): string {
  if (!type.includes('json')) return `the service answered ${status}: ${bytes.toString().slice(0, 300)}`;
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
