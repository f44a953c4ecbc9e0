import { Redis, type RedisOptions } from 'ioredis';
import { queueKeys } from './keys.ts';
import { json, type Serializer } from './serializers.ts';

/** An element the serializer cannot read. It has left the list by the time it is seen: `raw` is all there is of it. */
export class UnreadableElement extends Error {
  readonly raw: Buffer;

  constructor(list: string, raw: Buffer, cause: unknown) {
    super(`an element of ${list} cannot be read: ${raw.toString('utf8', 0, 80)}`, { cause });
    this.name = 'UnreadableElement';
    this.raw = raw;
  }
}

export interface HotQueueOptions<T> {
  /** a connection, which stays the caller's, or how to make one; default: the store of this machine, as in Python */
  redis?: Redis | RedisOptions;
  /** default `json`. Python's own default is to pickle: `pickledStrings` */
  serializer?: Serializer<T>;
}

export interface GetOptions {
  /** wait for an element; default false */
  block?: boolean;
  /** seconds to wait, 0 = for ever; default 0 */
  timeout?: number;
  /** Ends the waiting. An element that comes in the same moment is still given. */
  signal?: AbortSignal;
}

/**
 * A queue on a Redis list as the Python package `hotqueue` keeps it: either side puts, either side gets.
 * At most once, as there: what a consumer took and lost is gone. ReliableQueue, over the same list, loses nothing.
 */
export class HotQueue<T = unknown> {
  readonly key: string;
  readonly #lost: string;
  readonly #redis: Redis;
  readonly #isOwn: boolean;
  readonly #serializer: Serializer<T>;
  /** connections for waiting, which nobody waits on now */
  readonly #idle: Redis[] = [];
  /** how to end each connection that somebody waits on */
  readonly #waiting = new Set<() => void>();

  constructor(name: string, { redis = {}, serializer = json as Serializer<T> }: HotQueueOptions<T> = {}) {
    const keys = queueKeys(name);
    this.key = keys.list;
    this.#lost = keys.lost;
    this.#isOwn = !isConnection(redis);
    this.#redis = isConnection(redis) ? redis : new Redis({ ...redis, replyMapping: 'legacy' });
    this.#serializer = serializer;
  }

  /** Puts messages at the tail, in one command: all or none, none between them. */
  async put(...messages: T[]): Promise<void> {
    const elements = messages.map((message) => this.#serializer.dumps(message));
    if (elements.length > 0) await this.#redis.rpush(this.key, ...elements);
  }

  /** Takes the head; undefined when there is none, or none came in time. Throws UnreadableElement. */
  async get(options: GetOptions = {}): Promise<T | undefined> {
    const raw = await this.#take(options);
    return raw === null ? undefined : this.#read(raw);
  }

  /**
   * Takes one message after the other, and ends when there is none: with the default, which waits for ever, only by the signal or by
   * leaving the loop. What cannot be read is kept apart in the lost list, with its bytes.
   */
  async *consume({ block = true, ...options }: GetOptions = {}): AsyncGenerator<T, void> {
    while (!options.signal?.aborted) {
      const raw = await this.#take({ block, ...options });
      if (raw === null) return;
      let message: T;
      try {
        message = this.#read(raw);
      } catch {
        await this.#redis.rpush(this.#lost, raw);
        continue;
      }
      yield message;
    }
  }

  /** Calls `work` with one message after the other until consume() ends. What it throws ends the worker, and its message is gone. */
  async worker(work: (message: T) => unknown, options: GetOptions = {}): Promise<void> {
    for await (const message of this.consume(options)) await work(message);
  }

  /** How many elements wait. */
  length(): Promise<number> {
    return this.#redis.llen(this.key);
  }

  /** Forgets what waits. */
  async clear(): Promise<void> {
    await this.#redis.del(this.key);
  }

  /** Ends the connections this queue made. Who still waits in it gets an error. */
  close(): void {
    for (const connection of this.#idle.splice(0)) connection.disconnect();
    for (const end of this.#waiting) end();
    if (this.#isOwn) this.#redis.disconnect();
  }

  #read(raw: Buffer): T {
    try {
      return this.#serializer.loads(raw);
    } catch (error) {
      throw new UnreadableElement(this.key, raw, error);
    }
  }

  async #take({ block = false, timeout = 0, signal }: GetOptions): Promise<Buffer | null> {
    if (timeout !== 0 && !(timeout >= 0.01)) throw new RangeError(`a timeout of ${timeout} s: 0 (for ever) or at least 0.01`);
    if (signal?.aborted) return null;
    return block ? await this.#wait(timeout, signal) : await this.#redis.lpopBuffer(this.key);
  }

  /** On a connection that nobody else uses meanwhile: what is sent behind a waiting command waits too. */
  async #wait(timeout: number, signal: AbortSignal | undefined): Promise<Buffer | null> {
    const connection = this.#idle.pop() ?? this.#connect();
    // A client that is between two connections leaves its calls pending when it is told to end, so ending is raced with the reply.
    const ended = Promise.withResolvers<never>();
    const end = () => {
      connection.disconnect();
      ended.reject(new Error(`the waiting for ${this.key} was ended`));
    };
    this.#waiting.add(end);
    const over = new AbortController();
    try {
      const number = connection.client('ID');
      const pair = connection.blpopBuffer(this.key, timeout);
      for (const call of [number, pair]) call.catch(() => {});
      signal?.addEventListener('abort', () => this.#unblock(number, end, over.signal), { signal: over.signal });
      const element = (await Promise.race([pair, ended.promise]))?.[1] ?? null;
      this.#idle.push(connection);
      return element;
    } catch (error) {
      connection.disconnect();
      if (signal?.aborted) return null;
      throw error;
    } finally {
      this.#waiting.delete(end);
      over.abort();
    }
  }

  /**
   * Lets the server end the waiting, and if it does not, ends the connection. In this order, because an element may be on its way in a
   * socket that is closed.
   */
  #unblock(number: Promise<number>, end: () => void, over: AbortSignal): void {
    const ask = () => void number.then((id) => this.#redis.client('UNBLOCK', id)).catch(() => {});
    const asking = setInterval(ask, 20);
    const giveUp = setTimeout(end, 500);
    ask();
    over.addEventListener('abort', () => {
      clearInterval(asking);
      clearTimeout(giveUp);
    });
  }

  #connect(): Redis {
    const connection = this.#redis.duplicate({ enableOfflineQueue: true, autoResendUnfulfilledCommands: true, maxRetriesPerRequest: null });
    return connection.on('error', () => {});
  }
}

const isConnection = (redis: Redis | RedisOptions): redis is Redis => typeof (redis as Redis).rpush === 'function';
