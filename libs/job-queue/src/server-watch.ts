import { checkServer, type Durability, type QueueLogger, type ServerFinding } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';

const FRESH_MS = 60_000;

/**
 * Whether the queue's server is set up so that it keeps what it is given: looked at as soon as it is reached, again whenever another may
 * stand in its place, and at most once a minute while somebody asks. A bad set-up is said loudly once, and stops nothing.
 */
export class ServerWatch {
  readonly #redis: Redis;
  readonly #logger: QueueLogger;
  readonly #freshMs: number;
  readonly #expected: { durability?: Durability };
  #findings: Promise<readonly ServerFinding[]> | undefined;
  #lookedAt = 0;
  #said = '';

  /** `durability`: what jobs are asked to have where they say nothing themselves. */
  constructor(redis: Redis, logger: QueueLogger, { freshMs = FRESH_MS, ...expected }: { freshMs?: number; durability?: Durability } = {}) {
    this.#redis = redis;
    this.#logger = logger;
    this.#freshMs = freshMs;
    this.#expected = expected;
    const look = () => void this.#look().catch(() => {});
    redis.on('ready', look);
    if (redis.status === 'ready') look();
  }

  /** What was found last; a server that is away is an error. */
  findings(): Promise<readonly ServerFinding[]> {
    const isFresh = this.#findings !== undefined && performance.now() - this.#lookedAt < this.#freshMs;
    return isFresh ? (this.#findings as Promise<readonly ServerFinding[]>) : this.#look();
  }

  /** For /readyz: rejects with all that is not as it should be. */
  check = async (): Promise<void> => {
    const wrong = complaints(await this.findings());
    if (wrong !== '') throw new Error(wrong);
  };

  #look(): Promise<readonly ServerFinding[]> {
    this.#lookedAt = performance.now();
    const findings = checkServer(this.#redis, this.#expected);
    this.#findings = findings;
    findings.then(
      (found) => this.#say(complaints(found)),
      () => {
        this.#findings = undefined;
      },
    );
    return findings;
  }

  #say(wrong: string): void {
    if (wrong === this.#said) return;
    this.#said = wrong;
    if (wrong === '') this.#logger.info({}, 'the store of the queue is set up to keep what it is given');
    else this.#logger.warn({ wrong }, 'THE STORE OF THE QUEUE MAY LOSE ACCEPTED JOBS: it is not set up to keep what it is given');
  }
}

const complaints = (findings: readonly ServerFinding[]): string =>
  findings.flatMap(({ name, isFine, detail }) => (isFine === false ? [`${name}: ${detail}`] : [])).join('; ');
