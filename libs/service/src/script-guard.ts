import { Redis } from 'ioredis';
import type { RedisEnv } from './config.ts';
import type { Logger } from './logger.ts';
import { type RedisRole, redisOptions } from './redis-address.ts';

/** The interval of the checks. A script that two consecutive checks find running is killed. Redis reports BUSY only after 5 s. */
const INTERVAL_MS = 3000;

export interface ScriptGuardOptions {
  logger: Logger;
  /** default 3,000 */
  intervalMs?: number;
}

/**
 * Kills a script that blocks the store: while it runs, every route returns 503. Only this guard and the user `admin` have the right to do
 * so. Redis refuses to kill a script that has written; then the log tells the operator what to do. Returns a function that stops the guard.
 */
export function guardScripts(env: RedisEnv, { logger, intervalMs = INTERVAL_MS }: ScriptGuardOptions): () => void {
  const guards = servers(env).map((server) => new ScriptGuard(server, logger));
  const timer = setInterval(() => {
    for (const guard of guards) void guard.check();
  }, intervalMs).unref();
  return () => {
    clearInterval(timer);
    for (const guard of guards) guard.close();
  };
}

/** The distinct servers of all roles. A Redis server runs one script at a time, in whichever database. */
function servers(env: RedisEnv): ReturnType<typeof redisOptions>[] {
  const roles: readonly RedisRole[] = ['data', 'queue', 'results'];
  const byPlace = roles.map((role) => redisOptions(role, env)).map((o) => [o.path ?? `${o.host}:${o.port}`, { ...o, db: 0 }] as const);
  return [...new Map(byPlace).values()];
}

class ScriptGuard {
  readonly #redis: Redis;
  readonly #logger: Logger;
  #wasBusy = false;
  #isChecking = false;
  #lastError = '';

  constructor(server: ReturnType<typeof redisOptions>, logger: Logger) {
    this.#logger = logger;
    // The ready check uses INFO, which Redis refuses while a script runs.
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
    // The other connections to the same store log its failures.
    this.#redis.on('error', () => {});
  }

  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    const isBusy = await this.#redis.ping().then(
      () => false,
      (error: Error) => /^BUSY /.test(error.message),
    );
    if (isBusy && this.#wasBusy) await this.#end();
    if (!isBusy) this.#lastError = '';
    this.#wasBusy = isBusy;
    this.#isChecking = false;
  }

  async #end(): Promise<void> {
    try {
      await this.#redis.call('SCRIPT', 'KILL');
      this.#logger.error({}, 'redis script blocked the store; killed it');
    } catch (error) {
      const { message } = error as Error;
      if (/^NOTBUSY/.test(message) || message === this.#lastError) return;
      this.#lastError = message;
      const advice =
        'as the user admin: SCRIPT KILL; if Redis refuses, SHUTDOWN NOSAVE and restart, which keeps what is in the append-only file';
      this.#logger.error({ err: message, advice }, 'redis script blocks the store and cannot be killed');
    }
  }

  close(): void {
    this.#redis.disconnect();
  }
}
