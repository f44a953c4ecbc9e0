import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger } from './ledger.ts';
import type { Group, LoadPlan } from './plan.ts';
import { type Asked, type Questions, questionsFor } from './questions.ts';
import type { LoadReport } from './report.ts';
import { type Answer, Broken, send } from './send.ts';

/** Many clients, each one request after another, until it is stopped. Every failure is written down, none is tried again. */
export class Load {
  readonly #plan: LoadPlan;
  readonly #ledger = new Ledger();
  readonly #clients: Promise<void>[];
  #isStopped = false;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    const run = randomBytes(4).toString('hex');
    const clients = plan.groups.flatMap((group) => Array.from({ length: group.clients }, () => group));
    this.#clients = clients.map((group, client) => this.#client(group, questionsFor(group, plan, this.#ledger, { run, client }), client));
  }

  get report(): LoadReport {
    return this.#ledger.report;
  }

  /** Lets every client end the request it is at. */
  async stop(): Promise<LoadReport> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
    return this.report;
  }

  async #client({ connection, everyMs }: Group, next: Questions, client: number): Promise<void> {
    const agent = new Agent({ keepAlive: connection === 'keep-alive', maxSockets: 1 });
    // Not all in the same moment.
    await sleep((everyMs * (client % 10)) / 10);
    while (!this.#isStopped) {
      const start = performance.now();
      await this.#ask(next(), connection, agent);
      await sleep(Math.max(0, everyMs - (performance.now() - start)));
    }
    agent.destroy();
  }

  async #ask(asked: Asked, connection: Group['connection'], agent: Agent): Promise<void> {
    const { method, path, what } = asked;
    const [at, start] = [new Date().toISOString(), performance.now()];
    this.#ledger.count(`${connection} ${method} ${what}`);
    const answer = await this.#answer(asked, agent);
    const ms = Math.round(performance.now() - start);
    const error = answer instanceof Broken ? answer.message : wrong(asked, answer, at);
    if (error === undefined) return this.#ledger.succeeded(ms);
    const { isReused } = answer;
    const [status, retryAfter] = answer instanceof Broken ? [0, undefined] : [answer.status, answer.retryAfter];
    this.#ledger.failed({ at, connection, isReused, method, path, status, error, ...(retryAfter === undefined ? {} : { retryAfter }), ms });
  }

  async #answer(asked: Asked, agent: Agent): Promise<Answer | Broken> {
    const { url, token, timeoutMs } = this.#plan;
    const headers = { ...asked.headers, ...(token === undefined || asked.method === 'GET' ? {} : { authorization: `Bearer ${token}` }) };
    try {
      return await send(url, agent, { ...asked, headers }, timeoutMs);
    } catch (error) {
      if (error instanceof Broken) return error;
      throw error;
    }
  }
}

function wrong(asked: Asked, answer: Answer, at: string): string | undefined {
  try {
    return asked.check(answer, at);
  } catch (error) {
    return `an answer that cannot be read: ${(error as Error).message}`;
  }
}
