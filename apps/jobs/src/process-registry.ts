import { ProblemError, unknownProcess } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { externalProcess, type Process, ProcessRegistration, processes } from '@almanac/processes';
import type { Redis } from 'ioredis';
import { Value } from 'typebox/value';

/** HASH in the queue's database, written by jobs (schema 1): id of a process -> what its program said of it. */
export const REGISTERED = 'processes';
const FRESH_MS = 2000;

/**
 * What jobs can do: the processes of this software, and those that programs of any language registered. The latter live in the store, so
 * every replica knows them within two seconds. Their queues are opened as they are met.
 */
export class ProcessRegistry {
  readonly #redis: Redis;
  readonly #jobs: JobQueue;
  readonly #onQueue: (queue: string) => void;
  #registered = new Map<string, Process>();
  #readAt = Number.NEGATIVE_INFINITY;

  /** `onQueue` is told of every queue once, the first time it is met. */
  constructor(redis: Redis, jobs: JobQueue, onQueue: (queue: string) => void = () => {}) {
    this.#redis = redis;
    this.#jobs = jobs;
    this.#onQueue = onQueue;
  }

  /** Throws ProblemError 'unknown-process' with the nearest id. */
  async named(id: string): Promise<Process> {
    const own = Object.hasOwn(processes, id) ? processes[id] : undefined;
    if (own !== undefined) return own;
    await this.refresh();
    const found = this.#registered.get(id);
    if (found === undefined) throw unknownProcess(id, [...Object.keys(processes), ...this.#registered.keys()]);
    return found;
  }

  async all(): Promise<Process[]> {
    await this.refresh();
    return [...Object.values(processes), ...[...this.#registered.values()].sort((a, b) => (a.id < b.id ? -1 : 1))];
  }

  /** Registers a program's process, or registers it anew. True when it is a new one. Throws ProblemError with what is wrong. */
  async register(id: string, registration: ProcessRegistration): Promise<boolean> {
    if (Object.hasOwn(processes, id)) throw new ProblemError('conflict', `Process '${id}' is one of Almanac's own; take another name.`);
    const { queue } = externalProcess(id, registration);
    const taken = Object.values(processes).find((process) => process.queue === queue);
    if (taken !== undefined)
      throw new ProblemError('conflict', `The queue '${queue}' is that of '${taken.id}', which Almanac works itself; take another.`);
    const isNew = (await this.#redis.hset(REGISTERED, id, JSON.stringify({ schema: 1, ...registration }))) === 1;
    await this.refresh(0);
    return isNew;
  }

  /** Its jobs stay; no new ones are accepted. */
  async remove(id: string): Promise<void> {
    await this.#redis.hdel(REGISTERED, id);
    await this.refresh(0);
  }

  get isFresh(): boolean {
    return performance.now() - this.#readAt < FRESH_MS;
  }

  /** Reads what is registered, unless that was done within `freshMs`. */
  async refresh(freshMs = FRESH_MS): Promise<void> {
    if (performance.now() - this.#readAt < freshMs) return;
    const stored = await this.#redis.hgetall(REGISTERED);
    this.#readAt = performance.now();
    this.#registered = new Map(Object.entries(stored).flatMap(([id, text]) => processIn(id, text)));
    for (const { queue } of this.#registered.values()) {
      if (this.#jobs.queues.includes(queue)) continue;
      this.#jobs.open(queue);
      this.#onQueue(queue);
    }
  }
}

/** One that this software cannot read was registered with a later one; it is passed over. */
function processIn(id: string, text: string): [string, Process][] {
  try {
    const { schema, ...registration } = JSON.parse(text) as { schema: number };
    return schema === 1 && Value.Check(ProcessRegistration, registration) ? [[id, externalProcess(id, registration)]] : [];
  } catch {
    return [];
  }
}
