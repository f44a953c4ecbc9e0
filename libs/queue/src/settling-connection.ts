import type { Redis } from 'ioredis';
import type { QueueKeys } from './keys.ts';
import { type ScriptName, scripts } from './scripts.ts';
import { Watchdog } from './watchdog.ts';

/** Before Redis 7, an error inside a script is wrapped. This leaves the server's own message, which begins with OOM or READONLY. */
export function unwrapScriptError(error: unknown): unknown {
  if (error instanceof Error) error.message = error.message.replace(/^ERR Error running script .*?: -(?=[A-Z]+ )/s, '');
  return error;
}

const watchdogs = new WeakMap<Redis, Watchdog>();

/** What is known of a connection until it closes. The next one may lead to another server. */
interface ConnectionState {
  /** true once something was written on it: then the server knows what WAIT has to wait for */
  hasWritten: boolean;
  /** the reply to INFO server */
  serverInfo?: Promise<string> | undefined;
}
const states = new WeakMap<Redis, ConnectionState>();

function connectionStateOf(redis: Redis): ConnectionState {
  let found = states.get(redis);
  if (found === undefined) {
    found = { hasWritten: false };
    states.set(redis, found);
  }
  return found;
}

/** A connection must be ready to use within this time after it was opened. */
const SET_UP_MS = 3000;

/** The watchdog of all calls on a connection: one for all queues that share the connection. */
function watchdogOf(redis: Redis): Watchdog {
  const known = watchdogs.get(redis);
  if (known !== undefined) return known;
  const watchdog = new Watchdog(() => reconnectIfReady(redis));
  watchdogs.set(redis, watchdog);
  redis.on('close', () => {
    states.delete(redis);
    watchdog.failAll('the connection closed');
  });
  watchSetUp(redis);
  reviveUnlessClosed(redis);
  return watchdog;
}

/**
 * A client that resolves its address through Sentinel, and learns of a failover at that moment, stops for ever. This connects it again,
 * unless its owner closed it.
 */
export function reviveUnlessClosed(redis: Redis): void {
  let isConnecting = redis.status === 'connecting';
  redis.on('connecting', () => {
    isConnecting = true;
  });
  for (const event of ['connect', 'close']) {
    redis.on(event, () => {
      isConnecting = false;
    });
  }
  redis.on('end', () => {
    const isClosed = (redis as unknown as { manuallyClosing?: boolean }).manuallyClosing === true;
    if (isConnecting && !isClosed) setTimeout(() => void redis.connect().catch(() => {}), 50).unref();
  });
}

/**
 * Reconnects if a connection goes silent between being opened and being ready. Until it is ready every call fails at once, so the watchdog
 * of the calls cannot detect this.
 */
function watchSetUp(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => reconnect(redis), SET_UP_MS).unref();
  };
  redis.on('connect', begin).on('ready', () => clearTimeout(timer));
  redis.on('close', () => clearTimeout(timer));
  if (redis.status === 'connect') begin();
}

/** Closes a connection and opens it again, at once. A regular close would wait two seconds for the server, which no longer responds. */
export function reconnect(redis: Redis): void {
  redis.disconnect(true);
  redis.stream.destroy();
}

/** Reconnects if the connection is ready. Calls that wait on it fail. */
function reconnectIfReady(redis: Redis): void {
  if (redis.status === 'ready' && !redis.stream.destroyed) reconnect(redis);
}

const leftAt = new WeakMap<Redis, number>();
/** While the address still leads to a replica, each new connection costs readers some 50 ms: at most one in this time. */
const LEAVE_EVERY_MS = 2000;

/** Reconnects if the server has become a replica: the address, or Sentinel, may lead to its master by now. */
function leaveReplica(redis: Redis): void {
  const now = performance.now();
  if (now - (leftAt.get(redis) ?? Number.NEGATIVE_INFINITY) < LEAVE_EVERY_MS) return;
  leftAt.set(redis, now);
  reconnectIfReady(redis);
}

/**
 * A connection on which each call settles: with its reply, an error, or LostReply. A client library may leave the promise of a call
 * pending when its socket closes, and a half-open socket reports nothing, so a watchdog covers both.
 */
export class SettlingConnection {
  readonly redis: Redis;
  readonly #keys: QueueKeys;
  readonly #watchdog: Watchdog;

  constructor(redis: Redis, keys: QueueKeys) {
    this.redis = redis;
    this.#keys = keys;
    this.#watchdog = watchdogOf(redis);
  }

  get hasWritten(): boolean {
    return connectionStateOf(this.redis).hasWritten;
  }

  noteWrite(): void {
    connectionStateOf(this.redis).hasWritten = true;
  }

  /** The reply to INFO server, requested once per connection. */
  serverInfo(withinMs: number): Promise<string> {
    const state = connectionStateOf(this.redis);
    state.serverInfo ??= this.settle(() => this.redis.info('server'), withinMs).catch((error: unknown) => {
      state.serverInfo = undefined;
      throw error;
    });
    return state.serverInfo;
  }

  /** Runs a script. Sends its text if the server does not know it: in that case it was certainly not executed. */
  async run(name: ScriptName, args: readonly (string | number)[], withinMs = 5000): Promise<unknown> {
    const { sha, text } = scripts[name];
    const { list, tag } = this.#keys;
    try {
      return await this.settle(() => this.redis.evalsha(sha, 2, list, tag, ...args), withinMs);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw unwrapScriptError(error);
      return await this.settle(() => this.redis.eval(text, 2, list, tag, ...args), withinMs).catch((again: unknown) => {
        throw unwrapScriptError(again);
      });
    }
  }

  /** Sends a command. */
  send<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    return this.settle(() => command(this.redis), 5000);
  }

  /**
   * Settles a call within a time. If it does not settle by itself, the connection cannot be trusted and is made anew. The same happens if
   * the server has become a replica: the address, or Sentinel, leads to another by now, and this one would refuse every write.
   */
  settle<T>(call: () => Promise<T>, withinMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting = this.#watchdog.expect(withinMs, reject);
      call().then(
        (value) => {
          this.#watchdog.settled(waiting);
          resolve(value);
        },
        (error: Error) => {
          this.#watchdog.settled(waiting);
          if (/\bREADONLY\b/.test(error.message)) leaveReplica(this.redis);
          reject(error);
        },
      );
    });
  }

  /** Reconnects if the connection is ready. Calls that wait on it fail. */
  reconnect(): void {
    reconnectIfReady(this.redis);
  }
}
