import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './keys.ts';
import { leaseName, MAX_CRASHES } from './liveness.ts';
import { type JobState, noteOf, parseRecord, progressWords, type QueueRecord, saidOf, stateOf, workerOf } from './record.ts';
import { isSameSecret, newSecret } from './secret.ts';
import { SettlingConnection } from './settling-connection.ts';
import { ANSWERS_FOR_MS } from './worker-options.ts';

export interface LeaseEnd {
  state: 'complete' | 'failed' | 'cancelled' | 'retry';
  /** of a retry: why */
  note: string;
  /** of a retry */
  delayMs?: number;
  /** how long a complete job answers for its content hash, default six days */
  answersForMs?: number;
}

const outcomes = { complete: 's', failed: 'f', cancelled: 'c', retry: 'r' } as const;

/**
 * Jobs in the hands of programs that have no connection of their own to the store: somebody else speaks for them. Each holds its job
 * under a worker name of its own, which says how long it may be silent; every word renews that. Who stays silent longer is dead to the
 * observers like any worker: its job goes to another, and its token is worth nothing from then on.
 *
 * A token is `<worker>:<secret>`. The name of the worker is public; the secret has 128 random bits, is compared in constant time, and
 * every call does so before it changes anything. A token `<worker>:1` was given by an earlier version, and is taken all the same.
 */
export class Leases {
  readonly #keys: QueueKeys;
  readonly #connection: SettlingConnection;

  constructor(redis: Redis, queue: string) {
    this.#keys = queueKeys(queue);
    this.#connection = new SettlingConnection(redis, this.#keys);
  }

  /** The next job, its record under a new token; undefined when none waits. */
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
      // An element that was no job, or one that ended meanwhile: the next.
      if (status === 'OK' && taken > 0) continue;
      await this.#leave(worker);
      return undefined;
    }
  }

  /** The job of that id, for who took the id from the list itself. Its state where it is not waiting; undefined where there is none. */
  async claim(id: string, leaseMs: number): Promise<QueueRecord | JobState | undefined> {
    const worker = await this.#register(leaseMs);
    const [what, text] = (await this.#connection.run('claim', [worker, newSecret(), id])) as [string, string];
    if (what === 'OK') return parseRecord(id, text);
    await this.#leave(worker);
    return stateOf(what);
  }

  /** A sign of life, with how far the job is. 'cancelled': somebody wants it to end. 'stale': it is not this holder's any more. */
  async progress(id: string, token: string, percent: number, stage: string): Promise<'ok' | 'cancelled' | 'stale'> {
    if (!(await this.#isUnder(id, token))) return 'stale';
    const [what] = (await this.#connection.run('beat', [workerOf(token), ''])) as string[];
    if (what === 'FENCED') return 'stale';
    const reply = await this.#connection.run('progress', [id, token, ...progressWords(percent, stage)]);
    return reply === 'OK' ? 'ok' : reply === 'CANCEL' ? 'cancelled' : 'stale';
  }

  /** Whether the token still holds the job; a sign of life, too. */
  async isHeld(id: string, token: string): Promise<boolean> {
    if (!(await this.#isUnder(id, token))) return false;
    const [what] = (await this.#connection.run('beat', [workerOf(token), ''])) as string[];
    return what === 'OK';
  }

  /** Ends the job. False when it is not this holder's any more. */
  async end(id: string, token: string, { state, note, delayMs = 0, answersForMs = ANSWERS_FOR_MS }: LeaseEnd): Promise<boolean> {
    if (!(await this.#isUnder(id, token))) return false;
    const worker = workerOf(token);
    const said = state === 'retry' ? saidOf(note) : noteOf(note);
    const words = [worker, 0, 0, '', answersForMs, id, token, outcomes[state], said, delayMs];
    const [status, , stale] = (await this.#connection.run('cycle', words)) as [string, number, number];
    if (status === 'FENCED' || stale > 0) return false;
    await this.#leave(worker);
    return true;
  }

  /** Whether the job is active under exactly this token. It changes nothing: a wrong token must not even renew a lease. */
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

  /** It never waits in BLMOVE, so nothing can come for it later: its name is forgotten at once. */
  async #leave(worker: string): Promise<void> {
    await this.#connection.run('reap', [worker, '', MAX_CRASHES, 'left']);
    await this.#connection.send((redis) => redis.hdel(this.#keys.workers, worker));
  }
}
