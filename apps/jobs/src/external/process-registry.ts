import { jobLimits, limitExceeded, ProblemError, unknownProcess } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { externalProcess, type Process, ProcessRegistration, processes } from '@almanac/processes';
import type { Redis } from 'ioredis';
import { Value } from 'typebox/value';

/** HASH in the queue's database, written by jobs (schema 1): id of a process -> what its program said of it. */
export const REGISTERED = 'processes';
const FRESH_MS = 2000;

interface Registered {
  /** as the store has it: what has not changed is not read again */
  text: string;
  /** undefined for one that a later version of this software registered */
  process: Process | undefined;
}

/**
 * What jobs can do: the processes of this software, and those that programs of any language registered. The latter live in the store, so
 * every replica knows them within two seconds. Their queues are opened as they are met.
 */
export class ProcessRegistry {
  readonly #redis: Redis;
  readonly #jobs: JobQueue;
  readonly #onQueue: (queue: string) => void;
  #stored = new Map<string, Registered>();
  #reading: Promise<void> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** registrations that were read and checked since the start: for tests, which judge by it that the others were not */
  parsed = 0;

  /** `onQueue` is told of every queue once, the first time it is met. */
  constructor(redis: Redis, jobs: JobQueue, onQueue: (queue: string) => void = () => {}) {
    this.#redis = redis;
    this.#jobs = jobs;
    this.#onQueue = onQueue;
  }

  /** Throws ProblemError 'unknown-process' with the nearest id. */
  async get(id: string): Promise<Process> {
    const own = Object.hasOwn(processes, id) ? processes[id] : undefined;
    if (own !== undefined) return own;
    await this.refresh();
    const found = this.#stored.get(id)?.process;
    if (found === undefined) throw unknownProcess(id, [...Object.keys(processes), ...this.#registered().map((process) => process.id)]);
    return found;
  }

  async all(): Promise<Process[]> {
    await this.refresh();
    return [...Object.values(processes), ...this.#registered().sort((a, b) => (a.id < b.id ? -1 : 1))];
  }

  /** Registers a program's process, or registers it anew. True when it is a new one. Throws ProblemError with what is wrong. */
  async register(id: string, registration: ProcessRegistration): Promise<boolean> {
    if (Object.hasOwn(processes, id)) throw new ProblemError('conflict', `Process '${id}' is one of Almanac's own; take another name.`);
    const { queue } = externalProcess(id, registration);
    const taken = Object.values(processes).find((process) => process.queue === queue);
    if (taken !== undefined)
      throw new ProblemError('conflict', `The queue '${queue}' is that of '${taken.id}', which Almanac works itself; take another.`);
    const text = JSON.stringify({ schema: 1, ...registration });
    await this.refresh(0);
    this.#checkRoom(id, text, queue);
    const isNew = (await this.#redis.hset(REGISTERED, id, text)) === 1;
    await this.refresh(0);
    return isNew;
  }

  /** Removes a registered process. Its jobs stay, new ones are refused. */
  async remove(id: string): Promise<void> {
    if (Object.hasOwn(processes, id)) throw new ProblemError('conflict', `Process '${id}' is part of Almanac. It cannot be removed.`);
    await this.#redis.hdel(REGISTERED, id);
    await this.refresh(0);
  }

  get isFresh(): boolean {
    return performance.now() - this.#readAt < FRESH_MS;
  }

  /** Reads what is registered, unless that was done within `freshMs`. Requests that come meanwhile share one reading. */
  async refresh(freshMs = FRESH_MS): Promise<void> {
    if (performance.now() - this.#readAt < freshMs) return;
    if (freshMs === 0) return this.#read();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const texts = await this.#redis.hgetall(REGISTERED);
    this.#readAt = performance.now();
    this.#stored = new Map(Object.entries(texts).map(([id, text]) => [id, this.#entry(id, text)]));
    for (const { queue } of this.#registered()) {
      if (this.#jobs.queues.includes(queue)) continue;
      this.#jobs.open(queue);
      this.#onQueue(queue);
    }
  }

  #entry(id: string, text: string): Registered {
    const known = this.#stored.get(id);
    if (known?.text === text) return known;
    this.parsed++;
    return { text, process: processIn(id, text) };
  }

  #registered = (): Process[] => [...this.#stored.values()].flatMap(({ process }) => (process === undefined ? [] : [process]));

  #checkRoom(id: string, text: string, queue: string): void {
    const { queues } = this.#jobs;
    if (!queues.includes(queue) && queues.length >= jobLimits.queues.value)
      throw limitExceeded('store-full', jobLimits.queues, queues.length + 1, {
        detail: 'Too many queues are in use',
        advice: 'Name a queue that was used before.',
      });
    const bytes = Buffer.byteLength(text);
    if (bytes > jobLimits.registrationBytes.value)
      throw limitExceeded('body-too-large', jobLimits.registrationBytes, bytes, { detail: 'The registration is too large' });
    const others = [...this.#stored].filter(([other]) => other !== id);
    if (others.length >= jobLimits.registrations.value)
      throw limitExceeded('store-full', jobLimits.registrations, others.length + 1, {
        detail: 'Too many processes are registered',
        advice,
      });
    const all = others.reduce((sum, [, other]) => sum + Buffer.byteLength(other.text), bytes);
    if (all > jobLimits.registeredBytes.value)
      throw limitExceeded('store-full', jobLimits.registeredBytes, all, { detail: 'All registrations together are too large', advice });
  }
}

const advice = 'Remove one that is not needed by DELETE /v1/processes/{id}.';

/** One that this software cannot read was registered with a later one; it is passed over. */
function processIn(id: string, text: string): Process | undefined {
  try {
    const { schema, ...registration } = JSON.parse(text) as { schema: number };
    const isKnown = schema === 1 && Value.Check(ProcessRegistration, registration);
    return isKnown ? externalProcess(id, registration as ProcessRegistration, { isStored: true }) : undefined;
  } catch {
    return undefined;
  }
}
