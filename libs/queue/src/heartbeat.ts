import type { ActiveJobs } from './active-jobs.ts';
import type { DelayedJobTimer } from './delayed-job-timer.ts';
import type { SettlingConnection } from './settling-connection.ts';
import { ThreadedHeartbeat } from './threaded-heartbeat.ts';
import { LostReply } from './watchdog.ts';
import type { WorkerOptions } from './worker-options.ts';

/** A heartbeat is answered at once, so its silence reveals a dead connection long before a blocking call times out. */
const REPLY_WITHIN_MS = 1500;
/** In one reply a surplus may be a job whose own reply is still in flight. In this many replies in a row, that reply was lost. */
const SURPLUS_BEATS = 2;

interface HeartbeatEvents {
  /** observers declared this worker dead */
  onFenced(worker: string): void;
  /** the store has this worker hold jobs that it does not know of */
  onSurplus(): void;
  /** no reply came, and no error */
  onSilence(): void;
}

type HeartbeatOptions = Pick<Required<WorkerOptions>, 'redis' | 'queue' | 'lostAfterMs' | 'heartbeat' | 'maxStallMs' | 'logger'>;

/**
 * Renews a worker's claim on all its jobs: by a timer of the main thread and, if `heartbeat` is 'thread', by a thread too. The replies to
 * the timer report cancelled jobs, and jobs that the worker does not know of.
 */
export class Heartbeat {
  readonly #connection: SettlingConnection;
  readonly #jobs: ActiveJobs;
  readonly #delayedJobs: DelayedJobTimer;
  readonly #options: HeartbeatOptions;
  readonly #events: HeartbeatEvents;
  #worker: string | undefined;
  /** heartbeats in a row whose reply counted more jobs than this worker knows */
  #surplusBeats = 0;
  #timer: NodeJS.Timeout | undefined;
  #thread: ThreadedHeartbeat | undefined;

  constructor(
    connection: SettlingConnection,
    jobs: ActiveJobs,
    delayedJobs: DelayedJobTimer,
    options: HeartbeatOptions,
    events: HeartbeatEvents,
  ) {
    this.#connection = connection;
    this.#jobs = jobs;
    this.#delayedJobs = delayedJobs;
    this.#options = options;
    this.#events = events;
  }

  start(): void {
    const everyMs = Math.min(1000, this.#options.lostAfterMs / 4);
    this.#timer ??= setInterval(() => void this.#beat(), everyMs);
    if (this.#options.heartbeat === 'thread') this.#thread ??= this.#startThread(everyMs);
  }

  /** Resolves when jobs may be taken. */
  get ready(): Promise<void> | undefined {
    return this.#thread?.ready;
  }

  /** Sends heartbeats for this worker id from now on; for none if undefined. */
  beatFor(worker: string | undefined): void {
    this.#worker = worker;
    this.#thread?.beatFor(worker);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#thread?.stop();
  }

  #startThread(everyMs: number): ThreadedHeartbeat {
    const { redis, queue, maxStallMs, logger } = this.#options;
    const onError = (error: unknown) =>
      logger.error({ err: error, queue }, 'heartbeat thread failed; only the main thread sends heartbeats');
    const onLate = () => logger.warn({ queue }, 'heartbeat thread is not connected; only the main thread sends heartbeats until it is');
    return new ThreadedHeartbeat({ redis, queue, maxStallMs, everyMs, onError, onLate });
  }

  async #beat(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    try {
      const reply = await this.#connection.run('beat', [worker, 'count'], REPLY_WITHIN_MS);
      const [status, count, ...cancelled] = reply as [string, number, ...string[]];
      if (status === 'FENCED') this.#events.onFenced(worker);
      else this.#compare(count);
      for (const id of cancelled) this.#jobs.cancel(id);
      await this.#delayedJobs.promote();
    } catch (error) {
      // A lost heartbeat is followed by the next.
      if (error instanceof LostReply && error.isSilence) this.#events.onSilence();
    }
  }

  /**
   * A call that timed out may still be executed minutes later, when the network delivers it. It then takes jobs for this worker, whose reply
   * is lost, and no other worker gets them while this one sends heartbeats.
   */
  #compare(count: number): void {
    this.#surplusBeats = count > this.#jobs.size ? this.#surplusBeats + 1 : 0;
    if (this.#surplusBeats < SURPLUS_BEATS) return;
    this.#surplusBeats = 0;
    this.#events.onSurplus();
  }
}
