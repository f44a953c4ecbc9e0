import type { ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Response } from '../client/client.ts';
import { Failure } from '../system/failure.ts';
import type { Output } from '../system/output.ts';

/** Statuses of a service that is busy or being replaced. Every other error is final. */
const busy = new Set([429, 502, 503, 504]);

/** The delay without Retry-After. */
const PAUSE_MS = 1_000;

export interface Patience {
  token: string | undefined;
  /** for all requests together, in milliseconds */
  timeoutMs: number;
  out: Output;
}

/**
 * Retries a request while the service is busy, with the delay of Retry-After, until the time is over. Then the last response or error counts.
 * Only for requests that may be sent twice, such as those of the smoke test.
 */
export class PatientClient extends Client {
  readonly #until: number;
  readonly #out: Output;

  constructor(base: string, { token, timeoutMs, out }: Patience) {
    super(base, token);
    this.#until = performance.now() + timeoutMs;
    this.#out = out;
  }

  override async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    write: (request: ClientRequest) => void,
  ): Promise<Response> {
    for (;;) {
      const leftMs = this.#until - performance.now();
      if (leftMs <= 0) throw new Failure(`timed out before ${method} ${path}`);
      const bounded = (request: ClientRequest) => {
        request.setTimeout(leftMs, () => request.destroy(new Error('no response within the time limit')));
        write(request);
      };
      const response = await super.send(method, path, headers, bounded).catch((error: Failure) => error);
      const pauseMs = pauseAfter(response);
      if (pauseMs === undefined || performance.now() + pauseMs > this.#until) {
        if (response instanceof Error) throw response;
        return response;
      }
      const why = response instanceof Error ? response.message : `status ${response.status}`;
      this.#out.progress(`${method} ${path}: ${why}; retry in ${Math.ceil(pauseMs / 1000)} s`);
      await sleep(pauseMs);
    }
  }
}

/** Returns the milliseconds until the next attempt, or undefined if the response or error is final. */
function pauseAfter(response: Response | Error): number | undefined {
  if (response instanceof Error) return response instanceof Failure ? PAUSE_MS : undefined;
  return busy.has(response.status) ? retryAfterMs(response.retryAfter) : undefined;
}

/** Parses Retry-After, which is seconds or a date. A missing, past or invalid one counts as one second. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : PAUSE_MS;
}
