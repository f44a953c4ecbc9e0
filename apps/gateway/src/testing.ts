import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { App } from '@almanac/service';
import { freePort } from '@almanac/testkit';
import type { AccessSettings } from './access/access-policy.ts';
import { buildApp } from './app.ts';
import type { Limits } from './proxy/limits.ts';

/** Registers the clean-up of a test: its context, or `{ after }` of node:test for a whole file. */
export interface Cleaner {
  after(done: () => unknown): void;
}

/** A service of a test's own: a real HTTP server on a real port. */
export interface Stub {
  url: string;
  server: Server;
  /** method and URL of every request it got, in order */
  hits: string[];
}

export async function startStub(t: Cleaner, listener: RequestListener, listen: { host?: string; path?: string } = {}): Promise<Stub> {
  const hits: string[] = [];
  const server = http.createServer({ keepAliveTimeout: 72_000 }, (request, answer) => {
    hits.push(`${request.method} ${request.url}`);
    // As every response of a service has.
    answer.setHeader('x-request-id', request.headers['x-request-id'] ?? 'none');
    listener(request, answer);
  });
  server.listen(listen.path === undefined ? { port: 0, host: listen.host ?? '127.0.0.1' } : { path: listen.path });
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const where = listen.host?.includes(':') ? `[${listen.host}]` : '127.0.0.1';
  return {
    url: listen.path === undefined ? `http://${where}:${(server.address() as AddressInfo).port}` : `unix:${listen.path}`,
    server,
    hits,
  };
}

/** An address without a listener. */
export async function deadAddress(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}

export interface Gateway {
  app: App;
  port: number;
  base: string;
}

/** A gateway in this process on a free port. `all` is the address of every service that is not in `services`. */
export async function startGateway(
  t: Cleaner,
  all: string,
  limits: Partial<Limits> = {},
  services: Record<string, string> = {},
  access: AccessSettings = {},
  basePath = '',
): Promise<Gateway> {
  const app = await buildApp({ services: { ingest: all, query: all, jobs: all, ...services }, limits, access, basePath });
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  const { port } = app.server.address() as AddressInfo;
  return { app, port, base: `http://127.0.0.1:${port}` };
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** all of the body came */
  isComplete: boolean;
}

export interface Question {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
  agent?: http.Agent | false;
  /** the address the request comes from: 127.0.0.2 is another client than 127.0.0.1 */
  localAddress?: string;
}

/** Sends a request through node:http, which returns broken responses unchanged. */
export function ask(url: string, { body, ...options }: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('latin1').on('data', (part: string) => {
        text += part;
      });
      const done = () => resolve({ status: answer.statusCode as number, headers: answer.headers, body: text, isComplete: answer.complete });
      answer.on('error', () => {}).on('close', done);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Writes bytes as they are and gives back what came, when the server closes or after `ms` of silence (10 s before the first byte, 0.3 s then). */
export function converse(port: number, bytes: string, ms?: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setTimeout(ms ?? 10_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      socket.setTimeout(ms ?? 300);
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(bytes, 'latin1');
  });
}

/** Resolves when it holds; looks again every few milliseconds and gives up after `ms`. */
export async function until(holds: () => boolean, what: string, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); ) {
    if (Date.now() > end) throw new Error(`it never came to: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const readBody = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request.setEncoding('latin1')) text += chunk;
  return text;
};

export function sendText(answer: ServerResponse, text: string, headers: http.OutgoingHttpHeaders = {}): void {
  answer.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text), ...headers });
  answer.end(text);
}

export const countOf = async (base: string, metric: string): Promise<number> => {
  const { body } = await ask(`${base}/metrics`);
  return [...body.matchAll(new RegExp(`^${metric}{[^}]*} (\\d+)`, 'gm'))].reduce((sum, match) => sum + Number(match[1]), 0);
};

/** A service in a process of its own, to be drained or killed. */
export class ServiceProcess {
  readonly port: number;
  #child: ChildProcess | undefined;

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/service-process.ts'), String(this.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    await once(child.stdout as NodeJS.ReadableStream, 'data');
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

export const openSocket = async (port: number, localAddress?: string): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', ...(localAddress === undefined ? {} : { localAddress }) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** A gateway in a process of its own, as in production. */
export class GatewayProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static async start(t: Cleaner, all: string): Promise<GatewayProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(port),
        LOG_LEVEL: 'silent',
        // Tests write `Host: x` into requests that they make by hand.
        PUBLIC_HOSTS: 'x',
        ALMANAC_INGEST_URL: all,
        ALMANAC_QUERY_URL: all,
        ALMANAC_JOBS_URL: all,
      },
    });
    t.after(() => child.kill('SIGKILL'));
    const gateway = new GatewayProcess(port, child);
    for (let i = 0; i < 200; i++) {
      const isUp = await ask(`${gateway.base}/livez`).catch(() => undefined);
      if (isUp !== undefined) return gateway;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the gateway did not start');
  }

  get base(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child.pid as number;
  }
}
