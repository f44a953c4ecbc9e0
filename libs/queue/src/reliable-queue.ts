import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { CallBatcher } from './call-batcher.ts';
import { DelayedJobTimer } from './delayed-job-timer.ts';
import { confirm, type Durability } from './durability.ts';
import { type QueueKeys, queueKeys } from './keys.ts';
import { type JobState, letterOf, parseRecord, type QueueRecord, reasonOf, stateOf } from './record.ts';
import { SettlingConnection } from './settling-connection.ts';

/** A job to be accepted. */
export interface QueueJob {
  id: string;
  /** minified JSON: no raw newline */
  payload: string;
  /** content hash: if a job of the same hash is open, or complete and its outcome is still reused, this job gets its outcome */
  hash?: string | undefined;
  /** milliseconds until it is ready */
  delayMs?: number | undefined;
}

export interface EnqueueOptions {
  /** put at the head of the list, before all waiting jobs; of several urgent jobs the last is first */
  isUrgent?: boolean;
}

export interface Enqueued {
  /** new: the job is in the list; known: its id was accepted before; joined: it follows a job of the same content */
  as: 'new' | 'known' | 'joined';
  record: QueueRecord;
}

export interface Listing {
  records: QueueRecord[];
  /** number of matching jobs, on all pages */
  matched: number;
}

/** The position of a job in the index. */
export interface Place {
  id: string;
  /** milliseconds since 1970, the server's clock */
  created: number;
}

export interface Walk {
  states?: readonly JobState[];
  /** begins behind this job, even if it no longer exists */
  after?: Place;
  /** created at or after, milliseconds since 1970 */
  from?: number;
  /** created at or before */
  to?: number;
}

/** The size of one record. */
export interface RecordWeight {
  /** milliseconds since 1970, the server's clock */
  created: number;
  bytes: number;
  isEnded: boolean;
}

const ended: ReadonlySet<JobState> = new Set(['complete', 'failed', 'cancelled']);

/** True if `a` is behind `b` in the index, which is ordered from the newest job to the oldest. */
export const isBefore = (a: Place, b: Place): boolean => a.created < b.created || (a.created === b.created && a.id < b.id);

const pairs = (found: readonly string[]): Place[] =>
  Array.from({ length: found.length / 2 }, (_, i) => ({ id: found[2 * i] as string, created: Number(found[2 * i + 1]) }));

const acceptableId = /^[\w.:-]{1,128}$/;
const PAGE = 200;
/** Jobs in one call, which takes the server about four milliseconds. */
const BATCH = 256;
/** With `appendfsync everysec` the server syncs once per second, and the disk may take a second more before writes wait for it. */
const CONFIRM_WITHIN_MS = 2500;

/** Accepts jobs and reads their records. The list holds only ids; a record exists from the moment its job is accepted. */
export class ReliableQueue {
  readonly keys: QueueKeys;
  readonly #connection: SettlingConnection;
  readonly #delayedJobs: DelayedJobTimer;
  readonly #batcher: CallBatcher<QueueJob, Enqueued>;

  constructor(redis: Redis, name: string) {
    this.keys = queueKeys(name);
    this.#connection = new SettlingConnection(redis, this.keys);
    this.#delayedJobs = new DelayedJobTimer(this.#connection);
    this.#batcher = new CallBatcher((jobs) => this.#accept(jobs, false), BATCH);
  }

  /** Accepts a job. Safe to repeat with the same id. Calls made while one is in flight are sent together in the next. */
  async enqueue(id: string, payload: string, { hash, delayMs, ...options }: Omit<QueueJob, 'id' | 'payload'> & EnqueueOptions = {}) {
    return (await this.enqueueAll([{ id, payload, hash, delayMs }], options))[0] as Enqueued;
  }

  /** Accepts jobs, in order. Safe to repeat with the same ids. Each group of 256 jobs is accepted as a whole or not at all. */
  async enqueueAll(jobs: readonly QueueJob[], { isUrgent = false }: EnqueueOptions = {}): Promise<Enqueued[]> {
    for (const job of jobs) validate(job);
    if (!isUrgent && jobs.length <= BATCH) return this.#batcher.call(jobs);
    const done: Enqueued[] = [];
    for (let at = 0; at < jobs.length; at += BATCH) done.push(...(await this.#accept(jobs.slice(at, at + BATCH), isUrgent)));
    return done;
  }

  async #accept(jobs: readonly QueueJob[], isUrgent: boolean): Promise<Enqueued[]> {
    const args: (string | number)[] = [isUrgent ? 'urgent' : ''];
    for (const { id, delayMs = 0, hash = '', payload } of jobs) {
      args.push(id, Math.max(0, Math.round(delayMs)), hash, payload);
      if (delayMs > 0) this.#delayedJobs.schedule(delayMs);
    }
    const reply = (await this.#connection.run('enqueue', args)) as [time: string, ...string[]];
    this.#connection.noteWrite();
    const time = Number(reply[0]);
    return jobs.map((job, i) => {
      const as = (reply[1 + 2 * i] ?? 'new') as Enqueued['as'];
      return { as, record: as === 'new' ? newRecord(job, time) : parseRecord(job.id, reply[2 + 2 * i] as string) };
    });
  }

  /**
   * Waits until accepted jobs are as durable as requested, and returns that durability, or 'unconfirmed' if the time is up. Pass their
   * `ids`: after a restart or failover of the server, only they reveal if it still has the jobs. Set `isOthers` if another process may have
   * put them.
   */
  confirm(
    durability: Durability,
    withinMs = CONFIRM_WITHIN_MS,
    ids: readonly string[] = [],
    { isOthers = false }: { isOthers?: boolean } = {},
  ): Promise<Durability | 'unconfirmed'> {
    return confirm(this.#connection, this.keys, durability, withinMs, ids, isOthers);
  }

  /** Returns the records of these ids, undefined for an unknown id. */
  async get(ids: readonly string[]): Promise<(QueueRecord | undefined)[]> {
    if (ids.length === 0) return [];
    const texts = await this.#connection.send((redis) => redis.mget(ids.map(this.keys.record)));
    return texts.map((text, i) => (text === null ? undefined : parseRecord(ids[i] as string, text)));
  }

  /** Returns a page of records, newest first. With `states`, only these; the whole index is then read to count `matched`. */
  async list({ offset, limit, states }: { offset: number; limit: number; states?: readonly JobState[] }): Promise<Listing> {
    if (states === undefined) {
      const ids = limit === 0 ? [] : await this.#connection.send((redis) => redis.zrevrange(this.keys.all, offset, offset + limit - 1));
      return { records: await this.#present(ids), matched: await this.size() };
    }
    const page: string[] = [];
    let matched = 0;
    for await (const { id } of this.walk({ states })) {
      if (matched >= offset && page.length < limit) page.push(id);
      matched++;
    }
    return { records: await this.#present(page), matched };
  }

  /**
   * Reads the index from the newest job to the oldest; jobs of the same millisecond in descending order of their ids. Jobs that are
   * accepted meanwhile do not disturb it. A job that follows another has the other's state.
   */
  async *walk({ states, after, from, to }: Walk = {}): AsyncGenerator<Place> {
    const wanted = states === undefined ? undefined : new Set<string>(states.map(letterOf));
    let last = after ?? { created: Math.min(to ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), id: '\u{10FFFF}' };
    const newer = await this.#connection.send((redis) => redis.zcount(this.keys.all, `(${last.created}`, '+inf'));
    for (let rank = newer; ; rank += PAGE) {
      const found = await this.#connection.send((redis) => redis.zrevrange(this.keys.all, rank, rank + PAGE - 1, 'WITHSCORES'));
      if (found.length === 0) return;
      const places = pairs(found).filter((place) => isBefore(place, last));
      const letters = wanted === undefined || places.length === 0 ? '' : await this.#letters(places);
      for (const [i, place] of places.entries()) {
        if (from !== undefined && place.created < from) return;
        if (wanted === undefined || wanted.has(letters[i] as string)) yield place;
      }
      last = places.at(-1) ?? last;
    }
  }

  /** Counts the jobs in each state. A job that follows another has the other's state. */
  async counts(): Promise<Record<JobState, number>> {
    const counts = { queued: 0, delayed: 0, active: 0, complete: 0, failed: 0, cancelled: 0, joined: 0 };
    for (let rank = 0; ; rank += PAGE) {
      const ids = await this.#connection.send((redis) => redis.zrevrange(this.keys.all, rank, rank + PAGE - 1));
      if (ids.length === 0) return counts;
      for (const letter of (await this.#connection.run('states', ids)) as string) {
        const state = stateOf(letter);
        if (state !== undefined) counts[state]++;
      }
    }
  }

  #letters = async (places: readonly Place[]) =>
    (await this.#connection.run(
      'states',
      places.map(({ id }) => id),
    )) as string;

  async #present(ids: readonly string[]): Promise<QueueRecord[]> {
    return (await this.get(ids)).filter((record) => record !== undefined);
  }

  /** Number of jobs, including ended ones. */
  size(): Promise<number> {
    return this.#connection.send((redis) => redis.zcard(this.keys.all));
  }

  /** Number of elements in the list. */
  depth(): Promise<number> {
    return this.#connection.send((redis) => redis.llen(this.keys.list));
  }

  /** Number of elements in the lost list. */
  lost(): Promise<number> {
    return this.#connection.send((redis) => redis.llen(this.keys.lost));
  }

  /**
   * Cancels a job and returns its state: 'cancelled' if it waited; 'active' if a worker has it, which is notified and will end it; an ended
   * job does not change. Returns undefined if there is no such job.
   */
  async cancel(id: string): Promise<JobState | undefined> {
    return stateOf((await this.#connection.run('cancel', [id])) as string);
  }

  /**
   * Puts failed and cancelled jobs back into the list, with new attempts. `why` the last attempt of each failed is stored with it. Returns
   * the ids of these jobs.
   */
  async revive(ids: readonly string[], why: Readonly<Record<string, string | undefined>> = {}): Promise<string[]> {
    const revived: string[] = [];
    for (let at = 0; at < ids.length; at += PAGE) {
      const args = ids.slice(at, at + PAGE).flatMap((id) => [id, reasonOf(why[id] ?? '')]);
      revived.push(...((await this.#connection.run('revive', args)) as string[]));
    }
    return revived;
  }

  /** Pauses the queue for all workers: no job is started. Running jobs continue. */
  async pause(): Promise<void> {
    await this.#connection.send((redis) => redis.set(this.keys.paused, '1'));
  }

  async resume(): Promise<void> {
    await this.#connection.send((redis) => redis.multi().del(this.keys.paused).publish(this.keys.control, 'resume').exec());
  }

  async isPaused(): Promise<boolean> {
    return (await this.#connection.send((redis) => redis.exists(this.keys.paused))) === 1;
  }

  /**
   * Returns the value with which an idempotency key was first used within the last `forMs`; `value` if this is its first use. The key is
   * passed as a hash, so it may be any text.
   */
  async firstUse(hash: string, value: string, forMs: number): Promise<string> {
    const key = this.keys.idempotency(hash);
    for (;;) {
      if ((await this.#connection.send((redis) => redis.set(key, value, 'PX', forMs, 'NX'))) !== null) return value;
      const first = await this.#connection.send((redis) => redis.get(key));
      if (first !== null) return first;
      await sleep(1);
    }
  }

  /** Ends the reuse of a job's outcome: the next job of the same content runs again, e.g. because the results were deleted. */
  async release(id: string): Promise<void> {
    await this.#connection.run('release', [id]);
  }

  /** Removes one ended job. Its id must no longer be in the list: a worker would move it to the lost list. */
  async remove(id: string): Promise<void> {
    await this.#connection.send((redis) => redis.multi().del(this.keys.record(id)).zrem(this.keys.all, id).exec());
  }

  /** Removes all jobs that no worker has at the moment, including waiting ones. Returns the numbers of removed and remaining jobs. */
  async clear(): Promise<{ removed: number; kept: number }> {
    const ids = await this.#connection.send((redis) => redis.zrange(this.keys.all, '0', '-1'));
    let removed = 0;
    for (let at = 0; at < ids.length; at += PAGE) removed += (await this.#connection.run('clear', ids.slice(at, at + PAGE))) as number;
    return { removed, kept: ids.length - removed };
  }

  /** Removes ended jobs that were created before a time (ms since 1970). Returns their number. */
  async trim(createdBefore: number): Promise<number> {
    let removed = 0;
    for (let offset = 0; ; ) {
      const [looked, gone] = (await this.#connection.run('trim', [createdBefore, offset, PAGE])) as [number, number];
      removed += gone;
      offset += looked - gone;
      if (looked < PAGE) return removed;
    }
  }

  /** Returns the size of each record, oldest job first. Jobs that are added or removed meanwhile may be missing or occur twice. */
  async *weigh(): AsyncGenerator<RecordWeight> {
    for (let offset = 0; ; offset += PAGE) {
      const words = (await this.#connection.run('weigh', [offset, PAGE])) as [string, number, string];
      for (let i = 0; i < words.length; i += 3) {
        const state = stateOf(words[i + 2] as string);
        yield { created: Number(words[i]), bytes: words[i + 1] as number, isEnded: state === undefined || ended.has(state) };
      }
      if (words.length < 3 * PAGE) return;
    }
  }

  /** Stops the timer of delayed jobs. The caller closes the connection. */
  close(): void {
    this.#delayedJobs.stop();
  }
}

function validate({ id, payload, hash = '' }: QueueJob): void {
  if (!acceptableId.test(id)) throw new RangeError(`job id: '${id}' must be 1 to 128 letters, digits, . _ : or -`);
  if (payload.includes('\n')) throw new RangeError('payload: must not contain a raw newline; use JSON.stringify');
  if (hash !== '' && /[\s=]/.test(hash)) throw new RangeError(`content hash: '${hash}' must not contain whitespace or =`);
}

const newRecord = ({ id, payload, hash, delayMs = 0 }: QueueJob, time: number): QueueRecord => ({
  id,
  state: delayMs > 0 ? 'delayed' : 'queued',
  changed: time,
  token: '',
  attempts: 0,
  crashes: 0,
  created: time,
  started: undefined,
  hash: hash === '' ? undefined : hash,
  of: undefined,
  isForeign: false,
  payload,
  note: '',
  past: [],
});
