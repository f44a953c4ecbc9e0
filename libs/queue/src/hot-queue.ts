import { Redis, type RedisOptions } from 'ioredis';
import { queueKeys } from './keys.ts';
import { json, type Serializer } from './serializers.ts';

/** Thrown for an element that the serializer cannot read. It is no longer in the list: `raw` holds its bytes. */
export class UnreadableElement extends Error {
  readonly raw: Buffer;

  constructor(list: string, raw: Buffer, cause: unknown) {
    super(`the serializer cannot read an element of ${list}: ${raw.toString('utf8', 0, 80)}`, { cause });
    this.name = 'UnreadableElement';
    this.raw = raw;
  }
}

export interface HotQueueOptions<T> {
  /** a connection, which the caller closes, or the options for one; default: the Redis server of this machine, as in Python */
  redis?: Redis | RedisOptions;
  /** default `json`. Python's default is pickle: see `pickledStrings` */
  serializer?: Serializer<T>;
}

export interface GetOptions {
  /** wait for an element; default false */
  block?: boolean;
  /** seconds to wait, 0 = for ever; default 0 */
  timeout?: number;
  /** Ends the wait. An element that arrives at the same moment is still returned. */
  signal?: AbortSignal;
}

/**
 * A queue on a Redis list, compatible with the Python package `hotqueue`: both sides can put and get.
 * Delivery is at most once, as in Python: if a consumer fails, its message is lost. ReliableQueue, on the same list, loses no job.
 */
export class HotQueue<T = unknown> {
  readonly key: string;
  readonly #lost: string;
  readonly #redis: Redis;
  readonly #isOwn: boolean;
  readonly #serializer: Serializer<T>;
  /** connections for waiting that are not in use */
  readonly #idle: Redis[] = [];
  /** functions that close the connections in use */
  readonly #waiting = new Set<() => void>();

  constructor(name: string, { redis = {}, serializer = json as Serializer<T> }: HotQueueOptions<T> = {}) {
    const keys = queueKeys(name);
    this.key = keys.list;
    this.#lost = keys.lost;
    this.#isOwn = !isConnection(redis);
    this.#redis = isConnection(redis) ? redis : new Redis({ ...redis, replyMapping: 'legacy' });
    this.#serializer = serializer;
  }

  /** Puts messages at the tail in one command: all or none, without others in between. */
  async put(...messages: T[]): Promise<void> {
    const elements = messages.map((message) => this.#serializer.dumps(message));
    if (elements.length > 0) await this.#redis.rpush(this.key, ...elements);
  }

  /** Takes the head. Returns undefined if the queue is empty, or stays empty for the timeout. Throws UnreadableElement. */
  async get(options: GetOptions = {}): Promise<T | undefined> {
    const raw = await this.#take(options);
    return raw === null ? undefined : this.#read(raw);
  }

  /**
   * Takes messages until the queue is empty. By default it waits without limit, so it ends only by the signal or by leaving the loop.
   * Unreadable elements are moved to the lost list, with their bytes.
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

  /** Calls `work` with each message until consume() ends. If `work` throws, the worker ends, and the message is lost. */
  async worker(work: (message: T) => unknown, options: GetOptions = {}): Promise<void> {
    for await (const message of this.consume(options)) await work(message);
  }

  /** Number of waiting elements. */
  length(): Promise<number> {
    return this.#redis.llen(this.key);
  }

  /** Removes all waiting elements. */
  async clear(): Promise<void> {
    await this.#redis.del(this.key);
  }

  /** Closes the connections that this queue made. Pending waits fail. */
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
    if (timeout !== 0 && !(timeout >= 0.01)) throw new RangeError(`timeout: ${timeout} s must be 0 (no limit) or at least 0.01`);
    if (signal?.aborted) return null;
    return block ? await this.#wait(timeout, signal) : await this.#redis.lpopBuffer(this.key);
  }

  /** Uses a connection alone: a command that is sent behind a blocked one waits too. */
  async #wait(timeout: number, signal: AbortSignal | undefined): Promise<Buffer | null> {
    const connection = this.#idle.pop() ?? this.#connect();
    // A client that is reconnecting leaves its calls pending when it is closed, so this races the close with the reply.
    const ended = Promise.withResolvers<never>();
    const end = () => {
      connection.disconnect();
      ended.reject(new Error(`the wait for ${this.key} was cancelled`));
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
   * Lets the server end the wait, and closes the connection if it does not. In this order, because an element may be in flight when a
   * socket is closed.
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
