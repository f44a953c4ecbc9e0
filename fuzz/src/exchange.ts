import http from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';

/** A request of an attack or a witness. */
export interface Sent {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | string | Readable;
  /** milliseconds until the response must be complete */
  deadlineMs?: number;
  /** bytes of the response to read before the connection is closed */
  maxBytes?: number;
}

/** The response. If there was none, `status` is 0 and `failure` is the reason. */
export interface Response {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  ms: number;
  failure?: 'timeout' | 'closed';
}

export interface From {
  host: string;
  port: number;
  /** the loopback address the request comes from; the gateway counts each address as one client */
  localAddress: string;
  agent?: http.Agent;
}

/** Sends one HTTP request. Never rejects. */
export function exchange(from: From, sent: Sent): Promise<Response> {
  const { method, path, headers = {}, body, deadlineMs = 30_000, maxBytes = 4 << 20 } = sent;
  const started = performance.now();
  return new Promise((resolve) => {
    let isOver = false;
    const finish = (response: Omit<Response, 'ms'>) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      resolve({ ...response, ms: performance.now() - started });
    };
    const fail = (failure: 'timeout' | 'closed') => {
      finish({ status: 0, headers: {}, text: '', failure });
      request.destroy();
    };
    const request = http.request({ ...from, method, path, headers, maxHeaderSize: 64 * 1024 }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      const done = () =>
        finish({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('latin1') });
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size <= maxBytes) return;
        done();
        response.destroy();
      });
      response.on('end', done);
      response.on('error', () => fail('closed'));
    });
    const timer = setTimeout(() => fail('timeout'), deadlineMs);
    request.on('error', () => fail('closed'));
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
    else body.on('error', () => fail('closed')).pipe(request);
  });
}

/** Sends bytes unchanged, in pieces. Returns what it receives until the connection closes or `waitMs` have passed. */
export function rawExchange(from: From, pieces: readonly (string | Buffer)[], { waitMs = 2_000, pauseMs = 0 } = {}): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect({ host: from.host, port: from.port, localAddress: from.localAddress });
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(parts).toString('latin1'));
    };
    const timer = setTimeout(finish, waitMs + pauseMs * pieces.length);
    socket.on('data', (part) => parts.push(part));
    socket.on('close', finish).on('error', finish);
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (pauseMs > 0) await new Promise((next) => setTimeout(next, pauseMs));
      }
    });
  });
}

/** Returns the status codes in the data of a raw connection. */
export const statusesIn = (text: string): number[] => [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
