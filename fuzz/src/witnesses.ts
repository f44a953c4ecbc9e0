import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, type From, type Response, type Sent } from './exchange.ts';
import { messageChannel } from './message-channel.ts';
import type { Target } from './target.ts';

/** Ordinary clients that know the right response to each of their requests. */
export interface WitnessPlan {
  target: Target;
  clients: number;
  /** from the start of one request of a client to the start of its next; milliseconds */
  everyMs: number;
}

export interface WitnessReport {
  requests: number;
  /** descriptions of the first wrong responses */
  wrong: string[];
  wrongCount: number;
  /** responses 503 and 429 with Retry-After: the instance is busy */
  refused: number;
  /** milliseconds of right responses */
  latencyMs: { p50: number; p99: number; longest: number };
  slowest: string;
}

/** The data set that the witnesses read: record `key` has the value 2 × key. */
export const WITNESS_SET = 'fuzz-witness';
export const WITNESS_RECORDS = 1000;
export const witnessCsv = (): string =>
  `key,value\n${Array.from({ length: WITNESS_RECORDS }, (_, key) => `${key},${2 * key}`).join('\n')}\n`;

/** A request with the check of its response. */
interface CheckedRequest extends Sent {
  status: number;
  isRight: (text: string) => boolean;
}

const get = (path: string, isRight: (text: string) => boolean): CheckedRequest => ({ method: 'GET', path, status: 200, isRight });

/** Returns request `n` of one client. */
function requestFor(client: number, n: number): CheckedRequest {
  const key = (client * 131 + n * 17) % WITNESS_RECORDS;
  const base = `/v1/datasets/${WITNESS_SET}`;
  const record = JSON.stringify({ key, value: 2 * key });
  switch (n % 12) {
    case 3:
      return get(`${base}/records?limit=5&offset=${key}`, (text) => text.includes(record));
    case 5:
      return get(`${base}/records?value[gte]=${2 * key}&limit=1`, (text) => text.includes(record));
    case 7:
      return get(`${base}.csv`, hasRows(witnessCsv()));
    case 9:
      return { method: 'PUT', path: `/v1/datasets/fuzz-own-${client}`, ...ownSet(client, n), status: 0, isRight: () => true };
    case 10:
      return get(`/v1/datasets/fuzz-own-${client}.csv`, hasRows(ownSet(client, n - 1).body));
    case 11:
      return {
        method: 'POST',
        path: '/v1/jobs',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ process: 'statistics', inputs: { dataset: WITNESS_SET } }),
        status: 201,
        isRight: (text) => text.includes('"statistics"'),
      };
    default:
      return get(`${base}/records/${key}`, (text) => text === record);
  }
}

/** Whether a CSV response has exactly these lines; its line ends are CRLF (RFC 4180). */
const hasRows =
  (lines: string) =>
  (text: string): boolean =>
    text.replaceAll('\r\n', '\n') === lines;

const ownSet = (client: number, n: number) => ({ headers: { 'content-type': 'text/csv' }, body: `client,n\n${client},${n}\n` });

/** How many failures are kept in full; all are counted. */
const KEPT = 50;

export class Witnesses {
  readonly #run = randomBytes(4).toString('hex');
  readonly #latencies: number[] = [];
  readonly #wrong: string[] = [];
  #slowest = { ms: 0, what: '' };
  #wrongCount = 0;
  #refused = 0;
  #isOver = false;
  readonly #clients: Promise<void>[];

  constructor({ target, clients, everyMs }: WitnessPlan) {
    this.#clients = Array.from({ length: clients }, (_, client) => this.#client(target, client, everyMs));
  }

  async stop(): Promise<WitnessReport> {
    this.#isOver = true;
    await Promise.all(this.#clients);
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    return {
      requests: sorted.length + this.#wrongCount + this.#refused,
      wrong: this.#wrong,
      wrongCount: this.#wrongCount,
      refused: this.#refused,
      latencyMs: { p50: at(0.5), p99: at(0.99), longest: at(1) },
      slowest: this.#slowest.what,
    };
  }

  async #client({ host, port }: Target, client: number, everyMs: number): Promise<void> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const from: From = { host, port, localAddress: `127.0.1.${(client % 250) + 1}`, agent };
    await sleep((everyMs * (client % 50)) / 50);
    let hasOwnSet = false;
    for (let n = 0; !this.#isOver; n++) {
      const started = performance.now();
      const request = requestFor(client, n);
      // The set is read back only if its write was accepted.
      if (!(n % 12 === 10 && !hasOwnSet)) {
        const isRight = await this.#send(from, request, `${this.#run}-${client}-${n}`);
        if (n % 12 === 9) hasOwnSet = isRight;
      }
      await sleep(Math.max(1, everyMs - (performance.now() - started)));
    }
    agent.destroy();
  }

  async #send(from: From, request: CheckedRequest, id: string): Promise<boolean> {
    const response = await exchange(from, { ...request, headers: { ...request.headers, 'x-request-id': id } });
    if ((response.status === 503 || response.status === 429) && response.headers['retry-after'] !== undefined) {
      this.#refused++;
      return false;
    }
    const wrong = problemOf(request, response, id);
    if (wrong !== undefined) {
      this.#wrongCount++;
      if (this.#wrong.length < KEPT) this.#wrong.push(`${request.method} ${request.path}: ${wrong}`);
      return false;
    }
    this.#latencies.push(response.ms);
    if (response.ms > this.#slowest.ms) this.#slowest = { ms: response.ms, what: `${request.method} ${request.path}` };
    return true;
  }
}

/** Returns what is wrong with a response. A response to another request has another id, status or content. */
export function problemOf({ status, isRight }: CheckedRequest, response: Response, id: string): string | undefined {
  if (response.failure !== undefined) return response.failure === 'timeout' ? 'no response' : 'the connection closed';
  if (status === 0 ? response.status !== 200 && response.status !== 201 : response.status !== status)
    return `status ${response.status}: ${response.text.slice(0, 160)}`;
  if (response.headers['x-request-id'] !== id) return `the response belongs to request ${String(response.headers['x-request-id'])}`;
  return isRight(response.text) ? undefined : `wrong content: ${JSON.stringify(response.text.slice(0, 160))}`;
}

if (import.meta.main) messageChannel((plan: WitnessPlan) => new Witnesses(plan));
