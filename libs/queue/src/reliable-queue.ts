import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './keys.ts';
import { Link } from './link.ts';
import { type JobState, letterOf, parseRecord, type QueueRecord } from './record.ts';

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

const acceptableId = /^[\w.:-]{1,128}$/;
const PAGE = 200;

/** Puts jobs and reads their records. The list holds ids alone; a record exists from the moment its job is accepted. */
export class ReliableQueue {
  readonly keys: QueueKeys;
  readonly #link: Link;

  constructor(redis: Redis, name: string) {
    this.keys = queueKeys(name);
    this.#link = new Link(redis, this.keys);
  }

  /** Accepts a job. Safe to repeat with the same id. `payload` is minified JSON; `hash` names equal content. */
  async enqueue(id: string, payload: string, { hash = '' }: { hash?: string } = {}): Promise<Enqueued> {
    if (!acceptableId.test(id)) throw new RangeError(`'${id}' is not a job id: 1 to 128 of letters, digits, . _ : -`);
    if (payload.includes('\n')) throw new RangeError('a payload must not hold a raw newline; JSON.stringify makes none');
    if (/[\s=]/.test(hash)) throw new RangeError(`'${hash}' is not a content hash`);
    const [as, text] = (await this.#link.run('enqueue', [id, payload, hash])) as [Enqueued['as'], string];
    return { as, record: parseRecord(id, text) };
  }

  /** Records by id, undefined where there is none. */
  async get(ids: readonly string[]): Promise<(QueueRecord | undefined)[]> {
    if (ids.length === 0) return [];
    const texts = await this.#link.redis.mget(ids.map(this.keys.record));
    return texts.map((text, i) => (text === null ? undefined : parseRecord(ids[i] as string, text)));
  }

  /** A page of the records, newest first. With `states`, only those jobs: the index is then walked to its end, so that `matched` is true. */
  async list({ offset, limit, states }: { offset: number; limit: number; states?: readonly JobState[] }): Promise<Listing> {
    const { redis } = this.#link;
    if (states === undefined) {
      const ids = limit === 0 ? [] : await redis.zrevrange(this.keys.all, offset, offset + limit - 1);
      return { records: await this.#present(ids), matched: await redis.zcard(this.keys.all) };
    }
    const wanted = new Set<string>(states.map(letterOf));
    const page: string[] = [];
    let matched = 0;
    for (let from = 0; ; from += PAGE) {
      const ids = await redis.zrevrange(this.keys.all, from, from + PAGE - 1);
      if (ids.length === 0) break;
      const letters = (await this.#link.run('states', ids)) as string;
      for (const [i, id] of ids.entries()) {
        if (!wanted.has(letters[i] as string)) continue;
        if (matched >= offset && page.length < limit) page.push(id);
        matched++;
      }
    }
    return { records: await this.#present(page), matched };
  }

  async #present(ids: readonly string[]): Promise<QueueRecord[]> {
    return (await this.get(ids)).filter((record) => record !== undefined);
  }

  /** How many elements wait in the list. */
  depth(): Promise<number> {
    return this.#link.redis.llen(this.keys.list);
  }

  /** How many elements were no jobs and are kept apart. */
  lost(): Promise<number> {
    return this.#link.redis.llen(this.keys.lost);
  }

  /** Lets the next job of the same content be worked anew, e.g. because this one's results are gone. */
  async release(id: string): Promise<void> {
    await this.#link.run('release', [id]);
  }

  /** Forgets one ended job now. One that is still in the list would be taken for lost. */
  async remove(id: string): Promise<void> {
    await this.#link.redis.multi().del(this.keys.record(id)).zrem(this.keys.all, id).exec();
  }

  /** Forgets every job that no worker has at this moment, those that wait among them. Returns how many were forgotten and how many stay. */
  async clear(): Promise<{ removed: number; kept: number }> {
    const ids = await this.#link.redis.zrange(this.keys.all, '0', '-1');
    let removed = 0;
    for (let at = 0; at < ids.length; at += PAGE) removed += (await this.#link.run('clear', ids.slice(at, at + PAGE))) as number;
    return { removed, kept: ids.length - removed };
  }

  /** Forgets ended jobs that were created before a time (ms since 1970). Returns how many. */
  async trim(createdBefore: number): Promise<number> {
    let removed = 0;
    for (let offset = 0; ; ) {
      const [looked, gone] = (await this.#link.run('trim', [createdBefore, offset, PAGE])) as [number, number];
      removed += gone;
      offset += looked - gone;
      if (looked < PAGE) return removed;
    }
  }
}
