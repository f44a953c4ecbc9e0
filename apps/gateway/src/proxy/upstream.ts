import http from 'node:http';
import type { Target } from './address.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { Counts } from './counts.ts';
import { HeldBytes } from './held-bytes.ts';
import type { Limits } from './limits.ts';
import type { ProxiedRequest } from './proxied-request.ts';
import { ProxyExchange, type Service } from './proxy-exchange.ts';
import type { Returned } from './shared-connection.ts';
import { SharedConnections } from './shared-connections.ts';
import { Targets } from './targets.ts';

/** The response of a service to a request of the gateway itself. */
export interface ServiceResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** A service behind the gateway: its addresses and connections. */
export class Upstream implements Service {
  readonly name: string;
  readonly counts = new Counts();
  readonly pool: ConnectionPool;
  /** for event streams and waits for a job, which hold their connections for long */
  readonly streams: ConnectionPool;
  readonly #targets: Targets;
  readonly #shared: SharedConnections;
  readonly #sweeper: NodeJS.Timeout;

  constructor(name: string, targets: readonly Target[], limits: Limits, held = new HeldBytes(limits.heldBytes)) {
    this.name = name;
    this.#targets = new Targets(targets, limits);
    this.pool = new ConnectionPool(this.#targets, limits, limits.connections);
    this.streams = new ConnectionPool(this.#targets, limits, limits.streams);
    this.#shared = new SharedConnections(this.#targets, limits, this.counts, held, (requests, why) => this.#resend(requests, why));
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(500, limits.idleMs / 4)).unref();
  }

  /** Forwards a request and its response. Every failure ends in a response. */
  forward(proxied: ProxiedRequest): void {
    if (proxied.route.quick && proxied.request.method === 'GET' && !proxied.head.isAlone && this.#shared.send(proxied)) {
      this.counts.shared++;
      return;
    }
    this.counts.alone++;
    new ProxyExchange(proxied, this, false).start();
  }

  #resend(requests: readonly ProxiedRequest[], why: Returned): void {
    this.counts[why] += why === 'misuse' ? 1 : requests.length;
    for (const proxied of requests) {
      // A response that has begun cannot start again.
      if (proxied.response.headersSent) proxied.response.destroy();
      else if (!proxied.isGone) new ProxyExchange(proxied, this, why === 'lost').start();
    }
  }

  leave(connection: Connection): void {
    connection.isSpent = true;
    this.#targets.avoid(connection.target);
  }

  #sweep(): void {
    const now = performance.now();
    this.pool.sweep(now);
    this.streams.sweep(now);
    this.#shared.sweep(now);
  }

  /** Sends a request of the gateway itself. Rejects if the response takes longer than `timeoutMs` or has more than `maxBytes`. */
  get(
    path: string,
    { accept = 'application/json', timeoutMs = 2_000, maxBytes = Number.POSITIVE_INFINITY } = {},
  ): Promise<ServiceResponse> {
    return new Promise((resolve, reject) => {
      const { connect } = this.#targets.next();
      const where = 'path' in connect ? { socketPath: connect.path } : { host: connect.host, port: connect.port };
      const request = http.get(
        { ...where, path, agent: false, headers: { accept }, signal: AbortSignal.timeout(timeoutMs) },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > maxBytes) request.destroy(new Error(`the response is larger than ${maxBytes} bytes`));
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode as number, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      request.on('error', reject);
    });
  }

  /** Rejects if the service is not ready. The reason is public, so it does not contain the address. */
  async ready(): Promise<void> {
    const { status } = await this.get('/readyz', { timeoutMs: 500 }).catch(() => {
      throw new Error(`${this.name} is unreachable`);
    });
    if (status !== 200) throw new Error(`${this.name} returned ${status}`);
  }

  /** The kinds of connections of which there are too few at the moment, as sentences; empty if none. */
  shortages(): string[] {
    const words = (pool: ConnectionPool, what: string) =>
      pool.isShort ? [`${this.name}: ${what}: ${pool.places.used} of ${pool.places.total} in use, ${pool.waiting} requests wait`] : [];
    return [...words(this.pool, 'connections'), ...words(this.streams, 'streams and waits')];
  }

  /** Closes idle connections; the others close after their request. */
  close(): void {
    clearInterval(this.#sweeper);
    this.pool.close();
    this.streams.close();
    this.#shared.close();
  }
}
