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

/** What a service responses to a question of the gateway's own. */
export interface ServiceResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** A service behind the gateway: its addresses, its connections, and how a request gets onto one. */
export class Upstream implements Service {
  readonly name: string;
  readonly counts = new Counts();
  readonly pool: ConnectionPool;
  /** event streams and waits for a job keep their connections for long: they have their own */
  readonly streams: ConnectionPool;
  readonly #targets: Targets;
  readonly #shared: SharedConnections;
  readonly #sweeper: NodeJS.Timeout;

  constructor(name: string, targets: readonly Target[], limits: Limits, held = new HeldBytes(limits.heldBytes)) {
    this.name = name;
    this.#targets = new Targets(targets, limits);
    this.pool = new ConnectionPool(this.#targets, limits, limits.connections);
    this.streams = new ConnectionPool(this.#targets, limits, limits.streams);
    this.#shared = new SharedConnections(this.#targets, limits, this.counts, held, (requests, why) => this.#askAgain(requests, why));
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(500, limits.idleMs / 4)).unref();
  }

  /** Sends a request on and its response back, whatever happens in between. */
  forward(proxied: ProxiedRequest): void {
    if (proxied.route.quick && proxied.request.method === 'GET' && !proxied.head.isAlone && this.#shared.ask(proxied)) {
      this.counts.shared++;
      return;
    }
    this.counts.alone++;
    new ProxyExchange(proxied, this, false).start();
  }

  #askAgain(requests: readonly ProxiedRequest[], why: Returned): void {
    this.counts[why] += why === 'misuse' ? 1 : requests.length;
    for (const proxied of requests) {
      // A response that had begun when its connection broke cannot begin again.
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

  /** A question of the gateway's own. Rejects if no response comes within `timeoutMs`, or one of more than `maxBytes`. */
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

  /** Rejects where the service is not ready. The reason is public, so it does not name the address. */
  async ready(): Promise<void> {
    const { status } = await this.get('/readyz', { timeoutMs: 500 }).catch(() => {
      throw new Error(`${this.name} cannot be reached`);
    });
    if (status !== 200) throw new Error(`${this.name} responses ${status}`);
  }

  /** Which connections are short at the moment, in words; empty if none are. */
  shortages(): string[] {
    const words = (pool: ConnectionPool, what: string) =>
      pool.isShort ? [`${this.name}: ${what}: ${pool.places.used} of ${pool.places.total} in use, ${pool.waiting} requests wait`] : [];
    return [...words(this.pool, 'connections'), ...words(this.streams, 'streams and waits')];
  }

  /** Ends what is idle; what runs ends with its request. */
  close(): void {
    clearInterval(this.#sweeper);
    this.pool.close();
    this.streams.close();
    this.#shared.close();
  }
}
