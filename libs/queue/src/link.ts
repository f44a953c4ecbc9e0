import type { Redis } from 'ioredis';
import type { QueueKeys } from './keys.ts';
import { type ScriptName, scripts } from './scripts.ts';
import { Watchdog } from './watchdog.ts';

/** What a script met, in the server's own first word (OOM, READONLY): before Redis 7 it is wrapped in words about the script. */
export function plainly(error: unknown): unknown {
  if (error instanceof Error) error.message = error.message.replace(/^ERR Error running script .*?: -(?=[A-Z]+ )/s, '');
  return error;
}

const watchdogs = new WeakMap<Redis, Watchdog>();
/** What holds of a connection for as long as it lasts: behind the next one there may be another server. */
interface Lasting {
  /** something was written on it: the server knows what WAIT has to wait for */
  hasWritten: boolean;
  /** INFO server */
  about?: Promise<string> | undefined;
}
const lasting = new WeakMap<Redis, Lasting>();

function lastingOf(redis: Redis): Lasting {
  let found = lasting.get(redis);
  if (found === undefined) {
    found = { hasWritten: false };
    lasting.set(redis, found);
  }
  return found;
}

/** A connection that was made must be ready to use after this. */
const SET_UP_MS = 3000;

/** What watches the calls on a connection: one for all of them, however many queues use it. */
function watchdogOf(redis: Redis): Watchdog {
  const known = watchdogs.get(redis);
  if (known !== undefined) return known;
  const watchdog = new Watchdog(() => renew(redis));
  watchdogs.set(redis, watchdog);
  redis.on('close', () => {
    lasting.delete(redis);
    watchdog.failAll('the connection closed');
  });
  watchSetUp(redis);
  reviveUnlessClosed(redis);
  return watchdog;
}

/**
 * A client that is asking Sentinel for the address, and is told of a failover right then, breaks off what it is doing and ends for ever.
 * Nobody closed it, so it begins anew.
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
 * Gives up a connection that goes silent between being made and being ready. Until it is ready every call is refused at once, so no
 * call's watchdog would ever find out.
 */
function watchSetUp(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abandon(redis), SET_UP_MS).unref();
  };
  redis.on('connect', begin).on('ready', () => clearTimeout(timer));
  redis.on('close', () => clearTimeout(timer));
  if (redis.status === 'connect') begin();
}

/** Makes a connection anew, at once: a polite end would wait two seconds for the other side, which says nothing any more. */
export function abandon(redis: Redis): void {
  redis.disconnect(true);
  redis.stream.destroy();
}

/** Makes a connection anew, if it is one; what waits on it is lost. */
function renew(redis: Redis): void {
  if (redis.status === 'ready' && !redis.stream.destroyed) abandon(redis);
}

const leftAt = new WeakMap<Redis, number>();
/** While the address still leads to a replica, each new connection costs readers some 50 ms: at most one in this time. */
const LEAVE_EVERY_MS = 2000;

/** Makes a connection to a server that has become a replica anew: the address, or Sentinel, may lead to its master by now. */
function leaveReplica(redis: Redis): void {
  const now = performance.now();
  if (now - (leftAt.get(redis) ?? Number.NEGATIVE_INFINITY) < LEAVE_EVERY_MS) return;
  leftAt.set(redis, now);
  renew(redis);
}

/**
 * A connection whose calls always settle: by the reply, by an error, or by LostReply. A client library may leave the promise of a
 * call pending when its socket goes, and a half-open socket says nothing at all, so every call is raced with both.
 */
export class Link {
  readonly redis: Redis;
  readonly #keys: QueueKeys;
  readonly #watchdog: Watchdog;

  constructor(redis: Redis, keys: QueueKeys) {
    this.redis = redis;
    this.#keys = keys;
    this.#watchdog = watchdogOf(redis);
  }

  get hasWritten(): boolean {
    return lastingOf(this.redis).hasWritten;
  }

  noteWrite(): void {
    lastingOf(this.redis).hasWritten = true;
  }

  /** What the server says of itself, asked once for each connection. */
  about(withinMs: number): Promise<string> {
    const connection = lastingOf(this.redis);
    connection.about ??= this.settled(() => this.redis.info('server'), withinMs).catch((error: unknown) => {
      connection.about = undefined;
      throw error;
    });
    return connection.about;
  }

  /** Runs a script; loads it where the server does not know it (after a restart: it certainly was not executed then). */
  async run(name: ScriptName, args: readonly (string | number)[], withinMs = 5000): Promise<unknown> {
    const { sha, text } = scripts[name];
    const { list, tag } = this.#keys;
    try {
      return await this.settled(() => this.redis.evalsha(sha, 2, list, tag, ...args), withinMs);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw plainly(error);
      return await this.settled(() => this.redis.eval(text, 2, list, tag, ...args), withinMs).catch((again: unknown) => {
        throw plainly(again);
      });
    }
  }

  /** A command of the server's, settled as a script is. */
  ask<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    return this.settled(() => command(this.redis), 5000);
  }

  /**
   * A call that settles within a time; if it does not, the connection is not to be trusted and is made anew. So it is when it leads to a
   * server that has become a replica: the address, or Sentinel, knows of another by now, and this one would refuse for ever.
   */
  settled<T>(call: () => Promise<T>, withinMs: number): Promise<T> {
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

  /** Makes the connection anew, if it is one; what waits on it is lost. */
  renew(): void {
    renew(this.redis);
  }
}
