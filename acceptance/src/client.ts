import { setTimeout as sleep } from 'node:timers/promises';

export interface ClientResponse {
  status: number;
  headers: Headers;
  bytes: Buffer;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: black-box tests read responses as a user's script does, without the types of the product
  json: any;
}

export interface RequestOptions {
  body?: string | Uint8Array | ReadableStream;
  headers?: Record<string, string>;
}

/** A simple client: one call, one complete response. */
export class Client {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async ask(method: string, path: string, { body, headers = {} }: RequestOptions = {}): Promise<ClientResponse> {
    const response = await fetch(this.#base + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body, duplex: 'half' }),
      signal: AbortSignal.timeout(60_000),
    } as RequestInit);
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && !/ndjson/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, bytes, text, json: isJson && text !== '' ? JSON.parse(text) : undefined };
  }

  get(path: string, headers?: Record<string, string>): Promise<ClientResponse> {
    return this.ask('GET', path, headers === undefined ? {} : { headers });
  }

  put(path: string, body: string | Uint8Array, type = 'text/csv'): Promise<ClientResponse> {
    return this.ask('PUT', path, { body, headers: { 'content-type': type } });
  }

  /** Submits a plot job. */
  submit(inputs: Record<string, unknown>, outputs: string[] = ['png'], headers: Record<string, string> = {}): Promise<ClientResponse> {
    return this.ask('POST', '/v1/jobs', {
      body: JSON.stringify({ process: 'plot', inputs, outputs }),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  /** Waits for the end of a job. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async finished(id: string, withinMs = 30_000): Promise<any> {
    const until = Date.now() + withinMs;
    for (;;) {
      const { status, json } = await this.get(`/v1/jobs/${id}`);
      if (status === 200 && ['complete', 'failed', 'cancelled'].includes(json.status)) return json;
      if (Date.now() > until) throw new Error(`job ${id} did not end within ${withinMs} ms: ${JSON.stringify(json)}`);
      await sleep(30);
    }
  }
}

/** Checks the signature of a PNG. Returns its size in pixels, from the IHDR. */
export function pngSize(bytes: Buffer): { width: number; height: number } {
  if (bytes.subarray(0, 8).toString('hex') !== '89504e470d0a1a0a') throw new Error('not a PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
