import { get, request } from 'node:http';

/** Sends a body and returns the parsed JSON, or undefined if the response is no JSON. Throws with the detail unless the status is 2xx. */
export async function send(
  method: string,
  url: string,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const { text, isJson } = await new Promise<{ text: string; isJson: boolean }>((resolve, reject) => {
    const sent = request(url, { method, headers: { 'content-length': Buffer.byteLength(body), ...headers } }, (answer) => {
      let all = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        all += chunk;
      });
      answer.on('end', () =>
        (answer.statusCode ?? 500) < 300
          ? resolve({ text: all, isJson: /json/.test(answer.headers['content-type'] ?? '') })
          : reject(new Error(`${method} ${url}: ${answer.statusCode} ${all.slice(0, 400)}`)),
      );
    });
    sent.on('error', reject).end(body);
  });
  return text === '' || !isJson ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** The bytes of a response. */
export function bytesOf(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(Buffer.concat(chunks)) : reject(new Error(`GET ${url}: ${answer.statusCode}`)),
      );
    }).on('error', reject);
  });
}

export const jsonOf = async <T>(url: string): Promise<T> => JSON.parse((await bytesOf(url)).toString()) as T;

/** Reads a response and discards it. Returns the milliseconds to the last byte, and the number of bytes. */
export function timeGet(url: string): Promise<{ ms: number; bytes: number }> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve({ ms: performance.now() - started, bytes })
          : reject(new Error(`GET ${url}: ${answer.statusCode}`)),
      );
    }).on('error', reject);
  });
}
