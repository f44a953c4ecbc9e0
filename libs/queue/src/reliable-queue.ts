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
  /** names equal content: while a job of the same hash is open, or complete and answering, this one gets its outcome */
  hash?: string | undefined;
  /** milliseconds before it is ready */
  delayMs?: number | undefined;
}

export interface EnqueueOptions {
  /** to the head of the list, before everything that waits; among themselves the last comes first */
  isUrgent?: boolean;
}

export interface Enqueued {
  /** new: it is in the list; known: this id was accepted before; joined: a job of the same content answers for it */
  as: 'new' | 'known' | 'joined';
  record: QueueRecord;
}

export interface Listing {
  records: QueueRecord[];
  /** how many there are beside the page */
  matched: number;
}

/** Where a job stands in the index. */
export interface Place {
  id: string;
  /** milliseconds since 1970, the server's clock */
  created: number;
}

export interface Walk {
  states?: readonly JobState[];
  /** from the job behind this one on, whether or not it is still there */
  after?: Place;
  /** created at or after, milliseconds since 1970 */
  from?: number;
  /** created at or before */
  to?: number;
}

/** What the record of one job holds. */
export interface RecordWeight {
  /** milliseconds since 1970, the server's clock */
  created: number;
  bytes: number;
  isEnded: boolean;
}

const ended: ReadonlySet<JobState> = new Set(['complete', 'failed', 'cancelled']);

/** The order of the index from the newest on. */
export const isBefore = (a: Place, b: Place): boolean => a.created < b.created || (a.created === b.created && a.id < b.id);

const pairs = (found: readonly string[]): Place[] =>
  Array.from({ length: found.length / 2 }, (_, i) => ({ id: found[2 * i] as string, created: Number(found[2 * i + 1]) }));

const acceptableId = /^[\w.:-]{1,128}$/;
const PAGE = 200;
/** Jobs in one call: about four milliseconds of the server's time. */
const BATCH = 256;
/** With `appendfsync everysec` the disk is asked once a second, and has up to a second more before writes wait for it. */
const CONFIRM_WITHIN_MS = 2500;

/** Puts jobs and reads their records. The list holds ids alone; a record exists from the moment its job is accepted. */
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

  /** Accepts a job. Safe to repeat with the same id. Calls made while one is on its way travel together in the next. */
  async enqueue(id: string, payload: string, { hash, delayMs, ...options }: Omit<QueueJob, 'id' | 'payload'> & EnqueueOptions = {}) {
    return (await this.enqueueAll([{ id, payload, hash, delayMs }], options))[0] as Enqueued;
  }

  /** Accepts jobs, in order. Safe to repeat with the same ids; 256 of them at a time are accepted all or none. */
  async enqueueAll(jobs: readonly QueueJob[], { isUrgent = false }: EnqueueOptions = {}): Promise<Enqueued[]> {
    for (const job of jobs) check(job);
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
      return { as, record: as === 'new' ? fresh(job, time) : parseRecord(job.id, reply[2 + 2 * i] as string) };
    });
  }

  /**
   * Waits until what was accepted is as durable as asked, and says how durable it is: 'unconfirmed' when that did not come in time. Name
   * the `ids` it is about: if the server was changed or restarted meanwhile, only they tell whether it still has them. `isOthers`: they
   * were not put by this object just now but, for all it knows, by somebody else.
   */
  confirm(
    durability: Durability,
    withinMs = CONFIRM_WITHIN_MS,
    ids: readonly string[] = [],
    { isOthers = false }: { isOthers?: boolean } = {},
  ): Promise<Durability | 'unconfirmed'> {
    return confirm(this.#connection, this.keys, durability, withinMs, ids, isOthers);
  }

  /** Records by id, undefined where there is none. */
  async get(ids: readonly string[]): Promise<(QueueRecord | undefined)[]> {
    if (ids.length === 0) return [];
    const texts = await this.#connection.send((redis) => redis.mget(ids.map(this.keys.record)));
    return texts.map((text, i) => (text === null ? undefined : parseRecord(ids[i] as string, text)));
  }

  /** A page of the records, newest first. With `states`, only those jobs: the index is then walked to its end, so that `matched` is true. */
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
   * The index from the newest job to the oldest; jobs of the same millisecond in falling order of their ids. Jobs that are accepted
   * meanwhile do not disturb it. A job that follows another counts as of that one's state.
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

  /** How many jobs are in each state; one that follows another counts as that one does. */
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

  /** How many jobs there are, the ended ones among them. */
  size(): Promise<number> {
    return this.#connection.send((redis) => redis.zcard(this.keys.all));
  }

  /** How many elements wait in the list. */
  depth(): Promise<number> {
    return this.#connection.send((redis) => redis.llen(this.keys.list));
  }

  /** How many elements were no jobs and are kept apart. */
  lost(): Promise<number> {
    return this.#connection.send((redis) => redis.llen(this.keys.lost));
  }

  /**
   * Cancels a job. Answers its state afterwards: 'cancelled' when it waited; 'active' when a worker has it, which was told and will end it;
   * an ended one stays as it is. Undefined where there is none.
   */
  async cancel(id: string): Promise<JobState | undefined> {
    return stateOf((await this.#connection.run('cancel', [id])) as string);
  }

  /**
   * Failed and cancelled jobs wait again, with all their attempts before them. `why` the last attempt of each failed stays told with it.
   * Answers which.
   */
  async revive(ids: readonly string[], why: Readonly<Record<string, string | undefined>> = {}): Promise<string[]> {
    const revived: string[] = [];
    for (let at = 0; at < ids.length; at += PAGE) {
      const words = ids.slice(at, at + PAGE).flatMap((id) => [id, reasonOf(why[id] ?? '')]);
      revived.push(...((await this.#connection.run('revive', words)) as string[]));
    }
    return revived;
  }

  /** Nothing is started from now on, by whomever; what runs goes on. */
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
   * What an idempotency key stands for: `value`, or what it was first used with within the last `forMs`. The key is given as a hash, so
   * that anything may be one.
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

  /** Lets the next job of the same content be worked anew, e.g. because this one's results are gone. */
  async release(id: string): Promise<void> {
    await this.#connection.run('release', [id]);
  }

  /** Forgets one ended job now. One that is still in the list would be taken for lost. */
  async remove(id: string): Promise<void> {
    await this.#connection.send((redis) => redis.multi().del(this.keys.record(id)).zrem(this.keys.all, id).exec());
  }

  /** Forgets every job that no worker has at this moment, those that wait among them. Returns how many were forgotten and how many stay. */
  async clear(): Promise<{ removed: number; kept: number }> {
    const ids = await this.#connection.send((redis) => redis.zrange(this.keys.all, '0', '-1'));
    let removed = 0;
    for (let at = 0; at < ids.length; at += PAGE) removed += (await this.#connection.run('clear', ids.slice(at, at + PAGE))) as number;
    return { removed, kept: ids.length - removed };
  }

  /** Forgets ended jobs that were created before a time (ms since 1970). Returns how many. */
  async trim(createdBefore: number): Promise<number> {
    let removed = 0;
    for (let offset = 0; ; ) {
      const [looked, gone] = (await this.#connection.run('trim', [createdBefore, offset, PAGE])) as [number, number];
      removed += gone;
      offset += looked - gone;
      if (looked < PAGE) return removed;
    }
  }

  /** What each record holds, the oldest job first. Jobs that come or go meanwhile may be left out or told twice. */
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

  /** Ends the timer of delayed jobs. The connection is the caller's. */
  close(): void {
    this.#delayedJobs.stop();
  }
}

function check({ id, payload, hash = '' }: QueueJob): void {
  if (!acceptableId.test(id)) throw new RangeError(`'${id}' is not a job id: 1 to 128 of letters, digits, . _ : -`);
  if (payload.includes('\n')) throw new RangeError('a payload must not hold a raw newline; JSON.stringify makes none');
  if (hash !== '' && /[\s=]/.test(hash)) throw new RangeError(`'${hash}' is not a content hash`);
}

const fresh = ({ id, payload, hash, delayMs = 0 }: QueueJob, time: number): QueueRecord => ({
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
