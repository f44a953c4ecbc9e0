import { Redis } from 'ioredis';
import type { RedisEnv } from './config.ts';
import type { Logger } from './logger.ts';
import { type RedisRole, redisOptions } from './redis-address.ts';

/** Looks at the store; a script that two looks in a row find running is ended. Redis itself says BUSY only after its own 5 s. */
const LOOK_MS = 3000;

export interface ScriptGuardOptions {
  logger: Logger;
  /** default 3,000 */
  lookMs?: number;
}

/**
 * Ends a script that keeps the store from serving anybody: no other user but `admin` may, and while it runs every route is a 503.
 * Redis refuses to end a script that has written; then the log says what an operator can do. Returns what stops the guard.
 */
export function guardScripts(env: RedisEnv, { logger, lookMs = LOOK_MS }: ScriptGuardOptions): () => void {
  const guards = servers(env).map((server) => new ScriptGuard(server, logger));
  const timer = setInterval(() => {
    for (const guard of guards) void guard.look();
  }, lookMs).unref();
  return () => {
    clearInterval(timer);
    for (const guard of guards) guard.close();
  };
}

/** The roles that are on servers of their own. Redis runs one script at a time, whatever the database. */
function servers(env: RedisEnv): ReturnType<typeof redisOptions>[] {
  const roles: readonly RedisRole[] = ['data', 'queue', 'results'];
  const byPlace = roles.map((role) => redisOptions(role, env)).map((o) => [o.path ?? `${o.host}:${o.port}`, { ...o, db: 0 }] as const);
  return [...new Map(byPlace).values()];
}

class ScriptGuard {
  readonly #redis: Redis;
  readonly #logger: Logger;
  #wasBusy = false;
  #isLooking = false;
  #said = '';

  constructor(server: ReturnType<typeof redisOptions>, logger: Logger) {
    this.#logger = logger;
    // INFO, by which a connection is usually found ready, is refused while a script runs.
    this.#redis = new Redis({
      ...server,
      connectionName: 'almanac-script-guard',
      protocol: 2,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2000,
      retryStrategy: (tries: number) => Math.min(500, 50 * tries),
    });
    // Other connections to the same store report that it is away.
    this.#redis.on('error', () => {});
  }

  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const isBusy = await this.#redis.ping().then(
      () => false,
      (error: Error) => /^BUSY /.test(error.message),
    );
    if (isBusy && this.#wasBusy) await this.#end();
    if (!isBusy) this.#said = '';
    this.#wasBusy = isBusy;
    this.#isLooking = false;
  }

  async #end(): Promise<void> {
    try {
      await this.#redis.call('SCRIPT', 'KILL');
      this.#logger.error({}, 'a script kept the store busy and was ended');
    } catch (error) {
      const { message } = error as Error;
      if (/^NOTBUSY/.test(message) || message === this.#said) return;
      this.#said = message;
      const advice =
        'as the user admin: SCRIPT KILL; if Redis refuses, SHUTDOWN NOSAVE and a start, which keeps what the append-only log has';
      this.#logger.error({ err: message, advice }, 'a script keeps the store busy and could not be ended');
    }
  }

  close(): void {
    this.#redis.disconnect();
  }
}
