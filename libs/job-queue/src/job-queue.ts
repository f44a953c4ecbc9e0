import { isTerminal, type Job, type JobStatus, jobLimits } from '@almanac/domain';
import { type Durability, isBefore, type Place, type QueueRecord, ReliableQueue } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';
import { ChangeFeed } from './change-feed.ts';
import { jobOf, payloadIn, statesOf } from './job-of.ts';
import { JobWaiter } from './job-waiter.ts';
import { listedJob, sizeOf } from './listed-job.ts';
import { type NewJob, payloadOf } from './new-job.ts';
import { retryAfterLostReply } from './retry-after-lost-reply.ts';

/** Records read in one step: each may be as large as a job may be. */
const STEP = 20;
/** Bytes of the store that a record takes besides its text: its key and its index entry. */
const RECORD_OVERHEAD = 250;

/** Selects jobs; without members, all. */
export interface JobFilter {
  status?: JobStatus | undefined;
  process?: string | undefined;
  dataset?: string | undefined;
  /** created at or after, milliseconds since 1970 */
  from?: number | undefined;
  /** created at or before */
  to?: number | undefined;
}

export interface JobPage {
  limit: number;
  offset: number;
  /** begins behind this job */
  after?: Place | undefined;
}

export interface JobList {
  jobs: Job[];
  /** number of matching jobs on all pages; with `after`, only of those behind it */
  matched: number;
  /** the last job of this page, if there is a next page */
  next: Place | undefined;
}

export interface SubmitOptions {
  /** content hash: if another job of the same hash is open, or its results are still kept, this job gets its outcome */
  hash?: string;
  /** default: the queue that was opened first */
  queue?: string;
}

/** Where the results of a complete job are stored: under the job that actually ran, and the token of its last attempt. */
export interface ResultPlace {
  jobId: string;
  token: string;
}

/** A job as it was read, with the place of its results; without one unless it is complete. */
export interface ReadJob {
  job: Job;
  place: ResultPlace | undefined;
}

/** Accepts jobs, reads them and waits for them. Several queues appear as one: a job id does not contain its queue. */
export class JobQueue {
  readonly #redis: Redis;
  readonly #first: string;
  readonly #queues = new Map<string, ReliableQueue>();
  readonly #changes: ChangeFeed;
  readonly #waiter: JobWaiter;

  constructor(redis: Redis, { queue }: { queue: string }) {
    this.#redis = redis;
    this.#first = queue;
    this.#changes = new ChangeFeed(redis);
    this.#waiter = new JobWaiter((ids) => this.getAll(ids), this.#changes);
    this.open(queue);
  }

  /** Adds a queue, whose jobs are found from now on. */
  open(name: string): ReliableQueue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = new ReliableQueue(this.#redis, name);
    this.#queues.set(name, queue);
    this.#changes.add(queue.keys.changes);
    return queue;
  }

  get queues(): readonly string[] {
    return [...this.#queues.keys()];
  }

  /** Accepts a job; safe to repeat with the same id. If another job has the same hash, the returned job has `cache: 'hit'` and `resultOf`. */
  async submit(job: NewJob, { hash, queue = this.#first }: SubmitOptions = {}): Promise<Job> {
    const payload = payloadOf(job);
    const text = JSON.stringify(payload);
    const { as, record } = await retryAfterLostReply(() => this.open(queue).enqueue(job.id, text, hash === undefined ? {} : { hash }));
    if (as === 'new') return jobOf(record, record, payload);
    return (await this.#resolve([record]))[0] ?? jobOf(record);
  }

  /**
   * Waits for at most 2.5 s until a job is as durable as requested, and returns its durability. Set `isOthers` if another process may have
   * submitted it.
   */
  confirm(
    id: string,
    durability: Durability,
    { queue = this.#first, isOthers = false }: { queue?: string | undefined; isOthers?: boolean } = {},
  ): Promise<Durability | 'unconfirmed'> {
    return this.open(queue).confirm(durability, undefined, [id], { isOthers });
  }

  /** Returns the value with which an idempotency key, passed as a hash, was first used within `forMs`; `value` if this is its first use. */
  firstUse(hash: string, value: string, forMs: number): Promise<string> {
    return retryAfterLostReply(() => this.open(this.#first).firstUse(hash, value, forMs));
  }

  async get(id: string): Promise<Job | undefined> {
    return (await this.getAll([id]))[0];
  }

  /** The job and the place of its results, from one read of its record; undefined if there is no such job. */
  async read(id: string): Promise<ReadJob | undefined> {
    const [record] = await this.#records([id]);
    const [holder] = record?.state === 'joined' ? await this.#records([record.of as string]) : [record];
    if (record === undefined || holder === undefined) return undefined;
    const place = holder.state === 'complete' ? { jobId: holder.of ?? holder.id, token: holder.token } : undefined;
    return { job: jobOf(record, holder), place };
  }

  /** Returns the jobs of these ids, in the same order; undefined for an unknown id. */
  async getAll(ids: readonly string[]): Promise<(Job | undefined)[]> {
    return this.#resolve(await this.#records(ids));
  }

  /** Returns a page of the selected jobs, newest first, as `listedJob` shows them: at most `limit` jobs, and at most the bytes of a page. */
  async list({ limit, offset, after }: JobPage, filter: JobFilter = {}): Promise<JobList> {
    const { places, matched } = await retryAfterLostReply(() => this.#page({ limit, offset, after }, filter));
    const jobs: Job[] = [];
    let [bytes, read] = [0, 0];
    while (read < places.length && bytes < jobLimits.pageBytes.value) {
      const step = places.slice(read, read + STEP);
      for (const job of (await this.getAll(step.map(({ id }) => id))).map((one) => one && listedJob(one))) {
        if (bytes >= jobLimits.pageBytes.value) break;
        read++;
        if (job === undefined) continue;
        jobs.push(job);
        bytes += sizeOf(job);
      }
    }
    return { jobs, matched, next: offset + read >= matched ? undefined : places[read - 1] };
  }

  /** Returns the ids of all jobs in pages, newest first. Jobs that are added or removed meanwhile neither repeat nor hide others. */
  async *ids(): AsyncGenerator<string[]> {
    for await (const places of this.#walk({}, undefined)) yield places.map(({ id }) => id);
  }

  /** Returns the job once it has ended, or after `ms`, or when `signal` is aborted. Returns undefined if there is no such job. */
  async waitFor(id: string, ms: number, signal?: AbortSignal): Promise<Job | undefined> {
    const job = await this.get(id);
    if (job === undefined || isTerminal(job.status) || ms <= 0) return job;
    return (await this.#waiter.ended(id, ms, signal)) ?? this.get(id);
  }

  /** Calls `onChange` with ids of changed jobs. Returns a function that ends this. Messages are hints: some may be lost. */
  listen(onChange: (ids: readonly string[]) => void): () => void {
    return this.#changes.subscribe(onChange);
  }

  /** Cancels a job. Returns false if there is no such job. A job that a worker has ends soon. */
  async cancel(id: string): Promise<boolean> {
    const states = await this.#everywhere((queue) => retryAfterLostReply(() => queue.cancel(id)));
    return states.some((state) => state !== undefined);
  }

  /** Puts failed and cancelled jobs back into their queues. Returns the ids of these jobs. */
  async revive(ids: readonly string[]): Promise<string[]> {
    const jobs = await this.getAll(ids);
    const why = Object.fromEntries(jobs.flatMap((job) => (job?.problem === undefined ? [] : [[job.id, job.problem.detail]])));
    return (await this.#everywhere((queue) => queue.revive(ids, why))).flat();
  }

  /** Ends the reuse of a job's outcome, because its results were deleted: the next job of the same content runs again. */
  async forget(id: string): Promise<void> {
    await this.#everywhere((queue) => retryAfterLostReply(() => queue.release(id)));
  }

  /** Removes one ended job. */
  async remove(id: string): Promise<void> {
    await this.#everywhere((queue) => queue.remove(id));
  }

  /** Removes all jobs except running ones. Returns the numbers of removed and remaining jobs. */
  async clear(): Promise<{ removed: number; kept: number }> {
    const done = await this.#everywhere((queue) => queue.clear());
    return { removed: sum(done.map(({ removed }) => removed)), kept: sum(done.map(({ kept }) => kept)) };
  }

  /** Number of waiting jobs. */
  async depth(): Promise<number> {
    return sum(await this.#everywhere((queue) => queue.depth()));
  }

  /** Number of elements in the lost lists. */
  async lost(): Promise<number> {
    return sum(await this.#everywhere((queue) => queue.lost()));
  }

  /** Removes the records of ended jobs older than `ageMs`. Returns their number. */
  async trim(ageMs: number): Promise<number> {
    return sum(await this.#everywhere((queue) => queue.trim(Date.now() - ageMs)));
  }

  /** Total size of all records, in bytes. */
  async weight(): Promise<number> {
    let bytes = 0;
    for (const queue of this.#queues.values()) for await (const record of queue.weigh()) bytes += record.bytes + RECORD_OVERHEAD;
    return bytes;
  }

  /** Removes the oldest records of ended jobs until at least `bytes` are free, or none is left. Returns their number. */
  async dropOldest(bytes: number): Promise<number> {
    const ended: { created: number; bytes: number }[] = [];
    for (const queue of this.#queues.values()) for await (const record of queue.weigh()) if (record.isEnded) ended.push(record);
    ended.sort((a, b) => a.created - b.created);
    let freed = 0;
    const last = ended.find((record) => {
      freed += record.bytes + RECORD_OVERHEAD;
      return freed >= bytes;
    });
    const before = (last ?? ended.at(-1))?.created;
    return before === undefined ? 0 : sum(await this.#everywhere((queue) => queue.trim(before + 1)));
  }

  /** Stops the timers of delayed jobs. The caller closes the connection. */
  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }

  #everywhere<T>(call: (queue: ReliableQueue) => Promise<T>): Promise<T[]> {
    return Promise.all([...this.#queues.values()].map(call));
  }

  async #records(ids: readonly string[]): Promise<(QueueRecord | undefined)[]> {
    const [first, ...others] = await this.#everywhere((queue) => queue.get(ids));
    return ids.map((_, i) => first?.[i] ?? others.find((records) => records[i] !== undefined)?.[i]);
  }

  async #page({ limit, offset, after }: JobPage, filter: JobFilter): Promise<{ places: Place[]; matched: number }> {
    const isEverything = after === undefined && Object.values(filter).every((value) => value === undefined);
    const found: Place[] = [];
    let matched = 0;
    for await (const places of this.#walk(filter, after)) {
      for (const place of places) {
        if (matched >= offset && found.length < limit) found.push(place);
        matched++;
      }
      if (!isEverything || found.length < limit) continue;
      matched = sum(await this.#everywhere((queue) => queue.size()));
      break;
    }
    return { places: found, matched };
  }

  /** Returns the places of the selected jobs in pages, newest first. */
  async *#walk({ status, process, dataset, from, to }: JobFilter, after: Place | undefined): AsyncGenerator<Place[]> {
    const which = {
      ...(status === undefined ? {} : { states: statesOf(status) }),
      ...(after === undefined ? {} : { after }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    for await (const places of inPages(merged([...this.#queues.values()].map((queue) => queue.walk(which))))) {
      if (process === undefined && dataset === undefined) yield places;
      else yield* this.#filtered(places, process, dataset);
    }
  }

  /** Returns the places whose jobs are of a process or over a data set. */
  async *#filtered(places: readonly Place[], process: string | undefined, dataset: string | undefined): AsyncGenerator<Place[]> {
    for (let at = 0; at < places.length; at += STEP) {
      const step = places.slice(at, at + STEP);
      const records = await this.#records(step.map(({ id }) => id));
      yield step.filter((_, i) => {
        const payload = records[i] && payloadIn(records[i]);
        return payload && (process ?? payload.process) === payload.process && (dataset ?? payload.dataset.id) === payload.dataset.id;
      });
    }
  }

  /** Returns records as jobs. A job that follows a removed job is removed too. */
  async #resolve(records: readonly (QueueRecord | undefined)[]): Promise<(Job | undefined)[]> {
    const followed = records.flatMap((record) => (record?.state === 'joined' ? [record.of as string] : []));
    const holders = new Map((await this.#records(followed)).map((holder, i) => [followed[i] as string, holder]));
    return records.map((record) => {
      if (record?.state !== 'joined') return record === undefined ? undefined : jobOf(record);
      const holder = holders.get(record.of as string);
      return holder === undefined ? undefined : jobOf(record, holder);
    });
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Merges ordered walks into one walk of the same order. */
async function* merged(walks: readonly AsyncGenerator<Place>[]): AsyncGenerator<Place> {
  const heads = await Promise.all(walks.map((walk) => walk.next()));
  for (;;) {
    let newest = -1;
    for (const [i, { done, value }] of heads.entries()) {
      if (!done && (newest < 0 || isBefore(heads[newest]?.value as Place, value))) newest = i;
    }
    if (newest < 0) return;
    yield heads[newest]?.value as Place;
    heads[newest] = await (walks[newest] as AsyncGenerator<Place>).next();
  }
}

const PAGE = 200;

async function* inPages<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const item of items) {
    if (page.push(item) < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
