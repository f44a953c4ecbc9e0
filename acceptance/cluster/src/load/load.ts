import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger } from './ledger.ts';
import type { Group, LoadPlan } from './plan.ts';
import type { LoadReport } from './report.ts';
import { type CheckedRequest, type NextRequest, requestsFor } from './requests.ts';
import { Broken, type LoadResponse, send } from './send.ts';

/** Many clients, each sending one request after another, until it is stopped. Every failure is recorded, none is retried. */
export class Load {
  readonly #plan: LoadPlan;
  readonly #ledger = new Ledger();
  readonly #clients: Promise<void>[];
  #isStopped = false;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    const run = randomBytes(4).toString('hex');
    const clients = plan.groups.flatMap((group) => Array.from({ length: group.clients }, () => group));
    this.#clients = clients.map((group, client) => this.#client(group, requestsFor(group, plan, this.#ledger, { run, client }), client));
  }

  get report(): LoadReport {
    return this.#ledger.report;
  }

  /** Stops after the current request of each client. */
  async stop(): Promise<LoadReport> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
    return this.report;
  }

  async #client({ connection, everyMs }: Group, next: NextRequest, client: number): Promise<void> {
    const agent = new Agent({ keepAlive: connection === 'keep-alive', maxSockets: 1 });
    // Clients do not start at the same moment.
    await sleep((everyMs * (client % 10)) / 10);
    while (!this.#isStopped) {
      const start = performance.now();
      await this.#send(next(), connection, agent);
      await sleep(Math.max(0, everyMs - (performance.now() - start)));
    }
    agent.destroy();
  }

  async #send(request: CheckedRequest, connection: Group['connection'], agent: Agent): Promise<void> {
    const { method, path, what } = request;
    const [at, start] = [new Date().toISOString(), performance.now()];
    this.#ledger.count(`${connection} ${method} ${what}`);
    const response = await this.#responseTo(request, agent);
    const ms = Math.round(performance.now() - start);
    const error = response instanceof Broken ? response.message : problemOf(request, response, at);
    if (error === undefined) return this.#ledger.succeeded(ms);
    const { isReused } = response;
    const [status, retryAfter] = response instanceof Broken ? [0, undefined] : [response.status, response.retryAfter];
    this.#ledger.failed({ at, connection, isReused, method, path, status, error, ...(retryAfter === undefined ? {} : { retryAfter }), ms });
  }

  async #responseTo(request: CheckedRequest, agent: Agent): Promise<LoadResponse | Broken> {
    const { url, token, timeoutMs } = this.#plan;
    const headers = {
      ...request.headers,
      ...(token === undefined || request.method === 'GET' ? {} : { authorization: `Bearer ${token}` }),
    };
    try {
      return await send(url, agent, { ...request, headers }, timeoutMs);
    } catch (error) {
      if (error instanceof Broken) return error;
      throw error;
    }
  }
}

function problemOf(request: CheckedRequest, response: LoadResponse, at: string): string | undefined {
  try {
    return request.check(response, at);
  } catch (error) {
    return `unreadable response: ${(error as Error).message}`;
  }
}
