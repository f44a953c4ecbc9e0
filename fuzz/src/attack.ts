import type { Random } from '@almanac/testkit';
import { exchange, type From, type Response, rawExchange, type Sent, statusesIn } from './exchange.ts';

/** A rule that the instance broke. */
export interface Violation {
  /** the attack or part that detected it */
  by: string;
  what: string;
}

/** The context of an attack. It judges every response, so that an attack only builds requests. */
export class Attacker {
  readonly random: Random;
  readonly #from: From;
  readonly #name: string;
  readonly #report: (violation: Violation) => void;
  readonly #count: (status: number | string) => void;
  readonly #isOver: () => boolean;

  constructor(
    name: string,
    random: Random,
    from: From,
    sink: { report: (violation: Violation) => void; count: (status: number | string) => void; isOver: () => boolean },
  ) {
    this.#name = name;
    this.random = random;
    this.#from = from;
    this.#report = sink.report;
    this.#count = sink.count;
    this.#isOver = sink.isOver;
  }

  /** Whether the run is ending: an attack must then close what it holds open. */
  get isOver(): boolean {
    return this.#isOver();
  }

  /** Sends a request. `mustRefuse`: a response below 400 is a violation. */
  async send(sent: Sent, { mustRefuse = false } = {}): Promise<Response> {
    const response = await exchange(this.#from, sent);
    this.#count(response.failure ?? response.status);
    const wrong = judge(sent, response) ?? (mustRefuse && response.status > 0 && response.status < 400 ? 'was accepted' : undefined);
    if (wrong !== undefined) this.violate(`${sent.method} ${sent.path.slice(0, 120)}: ${wrong}`);
    return response;
  }

  json(method: string, path: string, body: unknown, headers: Record<string, string> = {}, options = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send({ method, path, body: text, headers: { 'content-type': 'application/json', ...headers } }, options);
  }

  /** Sends bytes unchanged. Any response is allowed unless the rules forbid it. */
  async raw(pieces: readonly (string | Buffer)[], options = {}): Promise<string> {
    const text = await rawExchange(this.#from, pieces, options);
    const statuses = statusesIn(text);
    for (const status of statuses) {
      this.#count(status);
      if (status === 500 || status === 502) this.violate(`raw request ${show(pieces)}: status ${status}`);
    }
    if (statuses.length === 0) this.#count('closed');
    return text;
  }

  violate(what: string): void {
    this.#report({ by: this.#name, what });
  }
}

const show = (pieces: readonly (string | Buffer)[]): string =>
  JSON.stringify(
    pieces
      .map((piece) => piece.toString('latin1'))
      .join('')
      .slice(0, 100),
  );

/** Returns what is wrong with a response to a hostile request, or undefined. */
export function judge({ method }: Pick<Sent, 'method'>, { status, headers, text, failure, ms }: Response): string | undefined {
  if (failure === 'timeout') return `no response within ${Math.round(ms / 1000)} s`;
  if (failure === 'closed' || status < 400) return undefined;
  // A course application returns 502 if its source is unreachable.
  if (status === 502 && text.includes('could not be read from')) return undefined;
  if (status === 500 || status === 502) return `status ${status}: ${text.slice(0, 200)}`;
  if (status === 503 && headers['retry-after'] === undefined) return `503 without Retry-After: ${text.slice(0, 200)}`;
  if (method === 'HEAD') return undefined;
  return isReadableError(String(headers['content-type'] ?? ''), text)
    ? undefined
    : `status ${status} without a reason: ${text.slice(0, 200)}`;
}

/** Whether an error is problem+json with a detail, or JSON or text of the course dialect. */
function isReadableError(type: string, text: string): boolean {
  if (type.startsWith('text/plain')) return text.trim().length > 3;
  if (!type.includes('json')) return false;
  try {
    const body = JSON.parse(text) as { detail?: unknown; message?: unknown };
    const words = body.detail ?? body.message;
    return typeof words === 'string' && words.length > 3 && words.length < 20_000;
  } catch {
    return false;
  }
}

/** One kind of hostile input. `run` sends a random variant and returns after the response. */
export interface Attack {
  readonly name: string;
  /** the section of docs/limits.md that it tests */
  readonly section: 'Requests' | 'Loads' | 'Reads' | 'Jobs' | 'Plots';
  /** how often it is chosen, relative to 1 (the default) */
  readonly weight?: number;
  run(attacker: Attacker): Promise<unknown>;
}
