import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './keys.ts';
import { parseRecord, type QueueRecord, workerOf } from './record.ts';
import { SettlingConnection } from './settling-connection.ts';

export interface AuditOptions {
  /** A job that is nowhere is put back only if it did not change within this time; default one minute. */
  graceMs?: number;
  /** repair what is found; default true. False only counts */
  repairs?: boolean;
  /** the share of time in which the audit may use the server, from 0 to 1: it waits between pages. Default 1, without waits */
  share?: number;
}

export interface Audit {
  /** jobs in the index */
  jobs: number;
  /** open, but neither in the list nor delayed nor held by a worker: put back in the list */
  nowhere: number;
  /** the same, but changed recently: left for the next audit */
  young: number;
  /** in two places, or also in a wrong place: removed there */
  doubled: number;
  /** ids without a record, in the index, delayed or held by a worker: removed */
  gone: number;
  /** not in the index: added */
  unlisted: number;
  /** records that cannot be read: left as they are */
  unreadable: number;
  /** workers that hold jobs and are not registered: registered, so that an observer returns the jobs if they send no heartbeat */
  unregistered: number;
  /** elements of the list without a job, put there by other programs. Not a violation: the worker that takes one adopts it or moves it */
  strangers: number;
}

/** The members of an audit that violate the guarantees of a queue. */
export const violations = ['nowhere', 'doubled', 'gone', 'unlisted', 'unreadable', 'unregistered'] as const satisfies (keyof Audit)[];
export type Violation = (typeof violations)[number];

export const violationsOf = (audit: Audit): Partial<Record<Violation, number>> =>
  Object.fromEntries(violations.filter((name) => audit[name] > 0).map((name) => [name, audit[name]]));

/** Where the jobs were when they were read. Jobs move meanwhile, so a contradiction is only a suspicion. */
interface Places {
  /** how often an id is in the list and the inboxes */
  lists: Map<string, number>;
  delayed: Set<string>;
  /** the workers that hold an id */
  held: Map<string, string[]>;
  workers: string[];
}

const PAGE = 200;
/** The share of the interval between two audits in which the mark of one prevents the next. */
const MARK_SHARE = 0.9;
/** Suspects in one call: each may cost a search through the list. */
const BATCH = 20;
const idOf = (element: string): string | undefined => /^"([\w.:-]+)"$/.exec(element)?.[1];

/**
 * Checks that each job is where its state says, and in one place only, and repairs what is not. The queue itself causes no such damage. A
 * server that lost its last writes, a program that took an id from the list and died, or a manual change of the keys does. The audit
 * reads pages of keys while the queue is in use; a script then checks each suspicious job in one step.
 */
export class Auditor {
  readonly #keys: QueueKeys;
  readonly #connection: SettlingConnection;
  #share = 1;
  #pageBegan = 0;

  constructor(redis: Redis, queueName: string) {
    this.#keys = queueKeys(queueName);
    this.#connection = new SettlingConnection(redis, this.#keys);
  }

  /**
   * Audits, unless any process began an audit within `everyMs`. The mark expires a little earlier, so that a process that calls this every
   * `everyMs` does not come too early every second time.
   */
  async auditIfDue(everyMs: number, options: AuditOptions = {}): Promise<Audit | undefined> {
    const isDue =
      (await this.#connection.send((redis) => redis.set(this.#keys.audited, '1', 'PX', Math.ceil(everyMs * MARK_SHARE), 'NX'))) !== null;
    return isDue ? this.audit(options) : undefined;
  }

  async audit({ graceMs = 60_000, repairs = true, share = 1 }: AuditOptions = {}): Promise<Audit> {
    this.#share = share;
    this.#pageBegan = performance.now();
    const audit: Audit = { jobs: 0, nowhere: 0, young: 0, doubled: 0, gone: 0, unlisted: 0, unreadable: 0, unregistered: 0, strangers: 0 };
    const [seconds, microseconds] = await this.#connection.send((redis) => redis.time());
    const began = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    const places = await this.#places(audit, repairs);
    const unseen = new Set([...places.lists.keys(), ...places.delayed, ...places.held.keys()]);
    let suspects: string[] = [];
    const judge = async (upTo: number) => {
      for (; suspects.length > upTo; suspects = suspects.slice(BATCH))
        await this.#judge(suspects.slice(0, BATCH), places.workers, audit, graceMs, repairs);
    };
    for await (const [id, record] of this.#listed()) {
      audit.jobs++;
      unseen.delete(id);
      // A job that changed since the audit began may have moved between the reads.
      const isStill = record === undefined || record.changed < began;
      if (isStill && (record === undefined || record.state === 'joined' || isSuspect(record, places))) suspects.push(id);
      await judge(BATCH);
    }
    for (const [id, isThere] of await this.#exist([...unseen])) {
      if (isThere || places.delayed.has(id) || places.held.has(id)) suspects.push(id);
      else audit.strangers++;
    }
    await judge(0);
    return audit;
  }

  async #judge(ids: readonly string[], workers: readonly string[], audit: Audit, graceMs: number, repairs: boolean): Promise<void> {
    const args = [graceMs, repairs ? 'mend' : 'look', workers.length, ...workers, ...ids];
    for (const found of (await this.#connection.run('audit', args)) as string[])
      for (const what of found.split(' ') as (keyof Audit | 'fine')[]) if (what !== 'fine') audit[what]++;
  }

  async #places(audit: Audit, repairs: boolean): Promise<Places> {
    const workers = await this.#workers(audit, repairs);
    const places: Places = { lists: new Map(), delayed: new Set(), held: new Map(), workers };
    const put = (element: string) => {
      const id = idOf(element);
      if (id === undefined) audit.strangers++;
      else places.lists.set(id, (places.lists.get(id) ?? 0) + 1);
    };
    for (const worker of workers) {
      for (const element of await this.#connection.send((redis) => redis.lrange(this.#keys.inbox(worker), 0, -1))) put(element);
      for (const id of await this.#connection.send((redis) => redis.smembers(this.#keys.held(worker))))
        places.held.set(id, [...(places.held.get(id) ?? []), worker]);
    }
    // From the tail, so that elements taken from the head meanwhile do not shift others past the page.
    for (let from = 1; ; from += PAGE) {
      const elements = await this.#connection.send((redis) => redis.lrange(this.#keys.list, -from - PAGE + 1, -from));
      for (const element of elements) put(element);
      if (elements.length < PAGE) break;
      await this.#pause();
    }
    for (let from = 0; ; from += PAGE) {
      const ids = await this.#connection.send((redis) => redis.zrange(this.#keys.delayed, String(from), String(from + PAGE - 1)));
      for (const id of ids) places.delayed.add(id);
      if (ids.length < PAGE) break;
      await this.#pause();
    }
    return places;
  }

  /** All workers that are registered, have an inbox or hold jobs. Registers those that are not. */
  async #workers(audit: Audit, repairs: boolean): Promise<string[]> {
    const workers = new Set<string>();
    const prefixes = [this.#keys.inbox(''), this.#keys.held('')];
    const pattern = `${this.#keys.tag.replace(/[\\*?[\]]/g, '\\$&')}:[iw]*`;
    for (let cursor = '0'; ; ) {
      const [next, keys] = await this.#connection.send((redis) => redis.scan(cursor, 'MATCH', pattern, 'COUNT', '1000'));
      for (const key of keys) for (const prefix of prefixes) if (key.startsWith(prefix)) workers.add(key.slice(prefix.length));
      cursor = next;
      if (cursor === '0') break;
      await this.#pause();
    }
    for (const worker of workers) {
      const isNew = repairs
        ? await this.#connection.send((redis) => redis.hsetnx(this.#keys.workers, worker, '0'))
        : 1 - (await this.#connection.send((redis) => redis.hexists(this.#keys.workers, worker)));
      audit.unregistered += isNew;
    }
    for (const worker of await this.#connection.send((redis) => redis.hkeys(this.#keys.workers))) workers.add(worker);
    return [...workers];
  }

  /** All ids of the index, each with its record if it has a readable one. */
  async *#listed(): AsyncGenerator<[id: string, record: QueueRecord | undefined]> {
    for (let from = 0; ; from += PAGE) {
      const ids = await this.#connection.send((redis) => redis.zrevrange(this.#keys.all, from, from + PAGE - 1));
      if (ids.length === 0) return;
      const texts = await this.#connection.send((redis) => redis.mget(ids.map(this.#keys.record)));
      for (const [i, id] of ids.entries()) yield [id, readable(id, texts[i] as string | null)];
      if (ids.length < PAGE) return;
      await this.#pause();
    }
  }

  /** Waits between two pages, so that others can use the server. */
  async #pause(): Promise<void> {
    const worked = performance.now() - this.#pageBegan;
    if (this.#share < 1) await sleep(worked * (1 / this.#share - 1));
    this.#pageBegan = performance.now();
  }

  async #exist(ids: readonly string[]): Promise<[id: string, isThere: boolean][]> {
    const found: [string, boolean][] = [];
    for (let at = 0; at < ids.length; at += PAGE) {
      const page = ids.slice(at, at + PAGE);
      const texts = await this.#connection.send((redis) => redis.mget(page.map(this.#keys.record)));
      for (const [i, id] of page.entries()) found.push([id, texts[i] !== null]);
    }
    return found;
  }
}

function readable(id: string, text: string | null): QueueRecord | undefined {
  try {
    return text === null ? undefined : parseRecord(id, text);
  } catch {
    return undefined;
  }
}

function isSuspect({ id, state, token }: QueueRecord, { lists, delayed, held }: Places): boolean {
  const holders = held.get(id) ?? [];
  const places = (lists.get(id) ?? 0) + (delayed.has(id) ? 1 : 0) + holders.length;
  if (state === 'queued') return places !== 1 || !lists.has(id);
  if (state === 'delayed') return places !== 1 || !delayed.has(id);
  if (state === 'active') return places !== 1 || holders[0] !== workerOf(token);
  return delayed.has(id) || holders.length > 0;
}
