import { isTerminal, type Job, type JobStatus } from '@almanac/domain';
import { type QueueRecord, ReliableQueue } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';
import { jobOf, statesOf } from './job-of.ts';
import { type NewJob, payloadOf } from './new-job.ts';
import { persistently } from './persistence.ts';
import { Watch } from './watch.ts';

export interface JobList {
  jobs: Job[];
  /** how many there are beside the page */
  matched: number;
}

/** Where a complete job's results lie: under the job that was really worked and the token of its last attempt. */
export interface ResultPlace {
  jobId: string;
  token: string;
}

/** Puts jobs, reads them, waits for them. */
export class JobQueue {
  readonly #queue: ReliableQueue;
  readonly #watch: Watch;

  constructor(redis: Redis, { queue }: { queue: string }) {
    this.#queue = new ReliableQueue(redis, queue);
    this.#watch = new Watch((ids) => this.getAll(ids));
  }

  /**
   * Accepts a job; safe to repeat with the same id. `hash` names what it computes: while another job of the same hash is open or its
   * results live, the new one gets its outcome (`cache: 'hit'`, `resultOf`) and nothing is computed twice.
   */
  async submit(job: NewJob, { hash }: { hash?: string } = {}): Promise<Job> {
    const payload = JSON.stringify(payloadOf(job));
    const { record } = await persistently(() => this.#queue.enqueue(job.id, payload, hash === undefined ? {} : { hash }));
    return (await this.#resolve([record]))[0] ?? jobOf(record);
  }

  async get(id: string): Promise<Job | undefined> {
    return (await this.getAll([id]))[0];
  }

  /** Jobs in the order of their ids, undefined for an id that names none. */
  async getAll(ids: readonly string[]): Promise<(Job | undefined)[]> {
    return this.#resolve(await this.#queue.get(ids));
  }

  /** A page of the jobs, newest first. */
  async list({ limit, offset, status }: { limit: number; offset: number; status?: JobStatus | undefined }): Promise<JobList> {
    const states = status === undefined ? {} : { states: statesOf(status) };
    const { records, matched } = await persistently(() => this.#queue.list({ limit, offset, ...states }));
    return { jobs: (await this.#resolve(records)).filter((job) => job !== undefined), matched };
  }

  /** The job once it has ended, or as it is after `ms`, or when `signal` says to stop. Undefined where there is none. */
  async waitFor(id: string, ms: number, signal?: AbortSignal): Promise<Job | undefined> {
    const job = await this.get(id);
    if (job === undefined || isTerminal(job.status) || ms <= 0) return job;
    return (await this.#watch.ended(id, ms, signal)) ?? this.get(id);
  }

  /** Where the results of a complete job are stored; undefined for any other. */
  async resultPlace(id: string): Promise<ResultPlace | undefined> {
    const [record] = await this.#queue.get([id]);
    const holder = record?.state === 'joined' ? (await this.#queue.get([record.of as string]))[0] : record;
    if (record === undefined || holder?.state !== 'complete') return undefined;
    return { jobId: record.of ?? id, token: holder.token };
  }

  /** Lets the next job of the same content be worked anew, because this one's results are gone. */
  async forget(id: string): Promise<void> {
    await persistently(() => this.#queue.release(id));
  }

  /** Forgets one ended job. */
  async remove(id: string): Promise<void> {
    await this.#queue.remove(id);
  }

  /** Forgets all jobs but those that are being worked on. Returns how many were forgotten and how many stay. */
  clear(): Promise<{ removed: number; kept: number }> {
    return this.#queue.clear();
  }

  /** How many jobs wait. */
  depth(): Promise<number> {
    return this.#queue.depth();
  }

  /** How many elements of the list were no jobs and are kept apart. */
  lost(): Promise<number> {
    return this.#queue.lost();
  }

  /** Removes the records of ended jobs older than `ageMs`. Returns how many. */
  trim(ageMs: number): Promise<number> {
    return this.#queue.trim(Date.now() - ageMs);
  }

  /** Records as jobs. One that follows a job whose record is gone is gone with it. */
  async #resolve(records: readonly (QueueRecord | undefined)[]): Promise<(Job | undefined)[]> {
    const followed = records.filter((record) => record?.state === 'joined').map((record) => record?.of as string);
    const holders = new Map((await this.#queue.get(followed)).map((holder, i) => [followed[i] as string, holder]));
    return records.map((record) => {
      if (record?.state !== 'joined') return record === undefined ? undefined : jobOf(record);
      const holder = holders.get(record.of as string);
      return holder === undefined ? undefined : jobOf(record, holder);
    });
  }
}
