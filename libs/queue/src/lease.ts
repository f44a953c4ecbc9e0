import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './keys.ts';
import { leaseName, MAX_CRASHES } from './liveness.ts';
import { type JobState, noteOf, parseRecord, progressArgs, type QueueRecord, reasonOf, stateOf, workerOf } from './record.ts';
import { isSameSecret, newSecret } from './secret.ts';
import { SettlingConnection } from './settling-connection.ts';
import { REUSE_FOR_MS } from './worker-options.ts';

export interface LeaseEnd {
  state: 'complete' | 'failed' | 'cancelled' | 'retry';
  /** the outcome; for a retry, the reason */
  note: string;
  /** only for a retry */
  delayMs?: number;
  /** how long the outcome of a complete job is reused for its content hash, default six days */
  reuseForMs?: number;
}

const outcomes = { complete: 's', failed: 'f', cancelled: 'c', retry: 'r' } as const;

/**
 * Leases jobs to programs that have no connection to the store: a service calls this on their behalf. Each program holds its job under a
 * worker id of its own, which contains the duration of the lease. Each call renews the lease. If it expires, observers treat the program as
 * a dead worker: another gets its job, and its token becomes invalid.
 *
 * A token is `<worker>:<secret>`. The worker id is public. The secret has 128 random bits and is compared in constant time, before a call
 * changes anything. A token `<worker>:1` comes from an earlier version and is still valid.
 */
export class Leases {
  readonly #keys: QueueKeys;
  readonly #connection: SettlingConnection;

  constructor(redis: Redis, queue: string) {
    this.#keys = queueKeys(queue);
    this.#connection = new SettlingConnection(redis, this.#keys);
  }

  /** Takes the next job and returns its record, with a new token. Returns undefined if no job waits. */
  async take(leaseMs: number): Promise<QueueRecord | undefined> {
    if ((await this.#connection.send((redis) => redis.llen(this.#keys.list))) === 0) return undefined;
    const worker = await this.#register(leaseMs);
    for (;;) {
      const [status, taken, , ...job] = (await this.#connection.run('cycle', [worker, newSecret(), 1, '', 0])) as [
        string,
        number,
        number,
        ...string[],
      ];
      if (job.length > 0) return parseRecord(job[0] as string, job[1] as string);
      // The element was no job, or its job ended meanwhile: take the next.
      if (status === 'OK' && taken > 0) continue;
      await this.#leave(worker);
      return undefined;
    }
  }

  /** Takes one job, for a program that took its id from the list. Returns its state if it does not wait; undefined if there is no such job. */
  async claim(id: string, leaseMs: number): Promise<QueueRecord | JobState | undefined> {
    const worker = await this.#register(leaseMs);
    const [what, text] = (await this.#connection.run('claim', [worker, newSecret(), id])) as [string, string];
    if (what === 'OK') return parseRecord(id, text);
    await this.#leave(worker);
    return stateOf(what);
  }

  /** Records progress and renews the lease. Returns 'cancelled' if the job was cancelled, 'stale' if the token no longer holds it. */
  async progress(id: string, token: string, percent: number, stage: string): Promise<'ok' | 'cancelled' | 'stale'> {
    if (!(await this.#isUnder(id, token))) return 'stale';
    const [what] = (await this.#connection.run('beat', [workerOf(token), ''])) as string[];
    if (what === 'FENCED') return 'stale';
    const reply = await this.#connection.run('progress', [id, token, ...progressArgs(percent, stage)]);
    return reply === 'OK' ? 'ok' : reply === 'CANCEL' ? 'cancelled' : 'stale';
  }

  /** Renews the lease. Returns false if the token no longer holds the job. */
  async isHeld(id: string, token: string): Promise<boolean> {
    if (!(await this.#isUnder(id, token))) return false;
    const [what] = (await this.#connection.run('beat', [workerOf(token), ''])) as string[];
    return what === 'OK';
  }

  /** Ends the job. Returns false if the token no longer holds it. */
  async end(id: string, token: string, { state, note, delayMs = 0, reuseForMs = REUSE_FOR_MS }: LeaseEnd): Promise<boolean> {
    if (!(await this.#isUnder(id, token))) return false;
    const worker = workerOf(token);
    const reason = state === 'retry' ? reasonOf(note) : noteOf(note);
    const words = [worker, 0, 0, '', reuseForMs, id, token, outcomes[state], reason, delayMs];
    const [status, , stale] = (await this.#connection.run('cycle', words)) as [string, number, number];
    if (status === 'FENCED' || stale > 0) return false;
    await this.#leave(worker);
    return true;
  }

  /** True if the job is active under exactly this token. Changes nothing: a wrong token must not renew a lease. */
  async #isUnder(id: string, token: string): Promise<boolean> {
    const [text] = await this.#connection.send((redis) => redis.mget(this.#keys.record(id)));
    if (text === null || text === undefined) return false;
    const record = parseRecord(id, text);
    return isSameSecret(record.token, token) && record.state === 'active';
  }

  async #register(leaseMs: number): Promise<string> {
    const worker = leaseName(leaseMs, randomBytes(8).toString('hex'));
    await this.#connection.run('beat', [worker, 'new']);
    return worker;
  }

  /** A lease never waits in BLMOVE, so no element can arrive for it later: its worker id is removed at once. */
  async #leave(worker: string): Promise<void> {
    await this.#connection.run('reap', [worker, '', MAX_CRASHES, 'left']);
    await this.#connection.send((redis) => redis.hdel(this.#keys.workers, worker));
  }
}
