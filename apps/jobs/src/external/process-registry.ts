import { jobLimits, limitExceeded, ProblemError, unknownProcess } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { externalProcess, type Process, ProcessRegistration, processes } from '@almanac/processes';
import type { Redis } from 'ioredis';
import { Value } from 'typebox/value';

/** HASH in the queue's database, written by jobs (schema 1): id of a process -> its registration. */
export const REGISTERED = 'processes';
const FRESH_MS = 2000;

interface Registered {
  /** as stored; an unchanged text is not parsed again */
  text: string;
  /** undefined for a registration of a later version of Almanac */
  process: Process | undefined;
}

/**
 * All processes: those of Almanac, and those that programs in any language registered. Registrations are in the store, so every replica
 * knows them within two seconds. Their queues are opened when they are first met.
 */
export class ProcessRegistry {
  readonly #redis: Redis;
  readonly #jobs: JobQueue;
  readonly #onQueue: (queue: string) => void;
  #stored = new Map<string, Registered>();
  #reading: Promise<void> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** number of registrations that were parsed since the start, for tests */
  parsed = 0;

  /** `onQueue` is called once with each queue, when it is first met. */
  constructor(redis: Redis, jobs: JobQueue, onQueue: (queue: string) => void = () => {}) {
    this.#redis = redis;
    this.#jobs = jobs;
    this.#onQueue = onQueue;
  }

  /** The process with this id. Throws ProblemError 'unknown-process' with the nearest id. */
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

  /** Registers a process or replaces its registration. Returns true if it is new. Throws ProblemError if the registration is invalid. */
  async register(id: string, registration: ProcessRegistration): Promise<boolean> {
    if (Object.hasOwn(processes, id)) throw new ProblemError('conflict', `Process '${id}' is part of Almanac. Choose another id.`);
    const { queue } = externalProcess(id, registration);
    const taken = Object.values(processes).find((process) => process.queue === queue);
    if (taken !== undefined)
      throw new ProblemError('conflict', `Queue '${queue}' belongs to process '${taken.id}' of Almanac. Choose another queue.`);
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

  /** Reads the registrations unless they were read within `freshMs`. Concurrent requests share one read. */
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
        advice: 'Use a queue that exists.',
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

const advice = 'Remove an unused one with DELETE /v1/processes/{id}.';

/** A registration that cannot be read is of a later version of Almanac and is ignored. */
function processIn(id: string, text: string): Process | undefined {
  try {
    const { schema, ...registration } = JSON.parse(text) as { schema: number };
    const isKnown = schema === 1 && Value.Check(ProcessRegistration, registration);
    return isKnown ? externalProcess(id, registration as ProcessRegistration, { isStored: true }) : undefined;
  } catch {
    return undefined;
  }
}
