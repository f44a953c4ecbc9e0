import http from 'node:http';
import type { Call } from '../call.ts';
import type { Target } from './address.ts';
import { Counts } from './counts.ts';
import { Exchange, type Service } from './exchange.ts';
import type { Lane } from './lane.ts';
import type { Limits } from './limits.ts';
import { Pool } from './pool.ts';
import type { Returned } from './shared-connection.ts';
import { SharedConnections } from './shared-connections.ts';
import { Targets } from './targets.ts';

/** What a service answers to a question of the gateway's own. */
export interface OwnAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** A service behind the gateway: its addresses, its connections, and how a request gets onto one. */
export class Upstream implements Service {
  readonly name: string;
  readonly counts = new Counts();
  readonly pool: Pool;
  readonly #targets: Targets;
  readonly #shared: SharedConnections;
  readonly #sweeper: NodeJS.Timeout;

  constructor(name: string, targets: readonly Target[], limits: Limits) {
    this.name = name;
    this.#targets = new Targets(targets, limits);
    this.pool = new Pool(this.#targets, limits);
    this.#shared = new SharedConnections(this.#targets, limits, (calls, why) => this.#askAgain(calls, why));
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(500, limits.idleMs / 4)).unref();
  }

  /** Sends a request on and its answer back, whatever happens in between. */
  forward(call: Call): void {
    if (call.route.quick && call.request.method === 'GET' && !call.head.isAlone && this.#shared.ask(call)) {
      this.counts.shared++;
      return;
    }
    this.counts.alone++;
    new Exchange(call, this, false).start();
  }

  #askAgain(calls: readonly Call[], why: Returned): void {
    this.counts[why] += why === 'misuse' ? 1 : calls.length;
    for (const call of calls) if (!call.isGone) new Exchange(call, this, why === 'lost').start();
  }

  leave(lane: Lane): void {
    lane.isSpent = true;
    this.#targets.avoid(lane.target);
  }

  #sweep(): void {
    const now = Date.now();
    this.pool.sweep(now);
    this.#shared.sweep(now);
  }

  /** A question of the gateway's own. Rejects where no answer comes within `timeoutMs`. */
  get(path: string, { accept = 'application/json', timeoutMs = 2_000 } = {}): Promise<OwnAnswer> {
    return new Promise((resolve, reject) => {
      const { connect } = this.#targets.next();
      const where = 'path' in connect ? { socketPath: connect.path } : { host: connect.host, port: connect.port };
      const request = http.get({ ...where, path, agent: false, headers: { accept }, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode as number, headers: answer.headers, body: Buffer.concat(chunks) }));
      });
      request.on('error', reject);
    });
  }

  /** Rejects where the service is not ready, with the reason. */
  async ready(): Promise<void> {
    const { status } = await this.get('/readyz', { timeoutMs: 500 });
    if (status !== 200) throw new Error(`${this.name} answers ${status}`);
  }

  /** Ends what is idle; what runs ends with its request. */
  close(): void {
    clearInterval(this.#sweeper);
    this.pool.close();
    this.#shared.close();
  }
}
