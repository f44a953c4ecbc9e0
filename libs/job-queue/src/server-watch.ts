import { checkServer, type Durability, type QueueLogger, type ServerFinding } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';

const FRESH_MS = 60_000;

/**
 * Checks if the settings of the queue's server keep accepted jobs safe: on each new connection, since it may lead to another server, and at
 * most once a minute on request. Unsafe settings are logged once, and stop nothing.
 */
export class ServerWatch {
  readonly #redis: Redis;
  readonly #logger: QueueLogger;
  readonly #freshMs: number;
  readonly #expected: { durability?: Durability };
  #findings: Promise<readonly ServerFinding[]> | undefined;
  #checkedAt = 0;
  #reported = '';

  /** `durability`: the default of jobs. */
  constructor(redis: Redis, logger: QueueLogger, { freshMs = FRESH_MS, ...expected }: { freshMs?: number; durability?: Durability } = {}) {
    this.#redis = redis;
    this.#logger = logger;
    this.#freshMs = freshMs;
    this.#expected = expected;
    const check = () => void this.#check().catch(() => {});
    redis.on('ready', check);
    if (redis.status === 'ready') check();
  }

  /** Returns the last findings. Rejects if the server is unavailable. */
  findings(): Promise<readonly ServerFinding[]> {
    const isFresh = this.#findings !== undefined && performance.now() - this.#checkedAt < this.#freshMs;
    return isFresh ? (this.#findings as Promise<readonly ServerFinding[]>) : this.#check();
  }

  /** For /readyz: rejects with all unsafe settings. */
  check = async (): Promise<void> => {
    const wrong = unsafeSettings(await this.findings());
    if (wrong !== '') throw new Error(wrong);
  };

  #check(): Promise<readonly ServerFinding[]> {
    this.#checkedAt = performance.now();
    const findings = checkServer(this.#redis, this.#expected);
    this.#findings = findings;
    findings.then(
      (found) => this.#report(unsafeSettings(found)),
      () => {
        this.#findings = undefined;
      },
    );
    return findings;
  }

  #report(wrong: string): void {
    if (wrong === this.#reported) return;
    this.#reported = wrong;
    if (wrong === '') this.#logger.info({}, 'queue store settings are safe');
    else this.#logger.warn({ settings: wrong }, 'queue store may lose accepted jobs: its settings are not safe');
  }
}

const unsafeSettings = (findings: readonly ServerFinding[]): string =>
  findings.flatMap(({ name, isFine, detail }) => (isFine === false ? [`${name}: ${detail}`] : [])).join('; ');
