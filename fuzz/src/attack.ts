import type { Random } from '@almanac/testkit';
import { type Answer, exchange, type From, rawExchange, type Sent, statusesIn } from './exchange.ts';

/** A rule that the instance broke. */
export interface Violation {
  /** the attack or the part that saw it */
  by: string;
  what: string;
}

/** What an attack has at hand. Every answer that it gets is judged here, so that an attack only builds requests. */
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
    tell: { report: (violation: Violation) => void; count: (status: number | string) => void; isOver: () => boolean },
  ) {
    this.#name = name;
    this.random = random;
    this.#from = from;
    this.#report = tell.report;
    this.#count = tell.count;
    this.#isOver = tell.isOver;
  }

  /** The run is ending: an attack that holds something lets go. */
  get isOver(): boolean {
    return this.#isOver();
  }

  /** Sends a request. `mustRefuse`: an answer below 400 is a violation. */
  async send(sent: Sent, { mustRefuse = false } = {}): Promise<Answer> {
    const answer = await exchange(this.#from, sent);
    this.#count(answer.failure ?? answer.status);
    const wrong = judge(sent, answer) ?? (mustRefuse && answer.status > 0 && answer.status < 400 ? 'was accepted' : undefined);
    if (wrong !== undefined) this.violate(`${sent.method} ${sent.path.slice(0, 120)}: ${wrong}`);
    return answer;
  }

  json(method: string, path: string, body: unknown, headers: Record<string, string> = {}, options = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send({ method, path, body: text, headers: { 'content-type': 'application/json', ...headers } }, options);
  }

  /** Sends bytes as they are. Any answer is fine but one that the rules forbid. */
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

/** What is wrong with an answer to a hostile request; undefined if it keeps the rules. */
export function judge({ method }: Pick<Sent, 'method'>, { status, headers, text, failure, ms }: Answer): string | undefined {
  if (failure === 'timeout') return `no answer within ${Math.round(ms / 1000)} s`;
  if (failure === 'closed' || status < 400) return undefined;
  // A course application whose source is elsewhere says so by 502.
  if (status === 502 && text.includes('could not be read from')) return undefined;
  if (status === 500 || status === 502) return `status ${status}: ${text.slice(0, 200)}`;
  if (status === 503 && headers['retry-after'] === undefined) return `503 without Retry-After: ${text.slice(0, 200)}`;
  if (method === 'HEAD') return undefined;
  return isReadableError(String(headers['content-type'] ?? ''), text)
    ? undefined
    : `status ${status} without a reason: ${text.slice(0, 200)}`;
}

/** A problem+json with a detail, the course's JSON, or a text of the course. */
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

/** One kind of hostile input. `run` sends one variant, chosen by the attacker's random numbers, and returns when it is answered. */
export interface Attack {
  readonly name: string;
  /** the part of docs/limits.md that it tests */
  readonly section: 'Requests' | 'Loads' | 'Reads' | 'Jobs' | 'Plots';
  /** how often it is chosen, compared with 1 */
  readonly weight?: number;
  run(attacker: Attacker): Promise<unknown>;
}
