import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActiveJob } from './active-job.ts';
import { ActiveJobs, type EndedJob } from './active-jobs.ts';
import { type EndArgs, isDelayed, runAttempt } from './attempt.ts';
import { RETRY, type RetryPolicy } from './backoff.ts';
import { ChannelListener } from './channel-listener.ts';
import { blockingConnection } from './connection.ts';
import { DelayedJobTimer } from './delayed-job-timer.ts';
import { FailureLog } from './failure-log.ts';
import { Heartbeat } from './heartbeat.ts';
import { type QueueKeys, queueKeys } from './keys.ts';
import { LOST_AFTER_MS, MAX_CRASHES } from './liveness.ts';
import { silent } from './queue-logger.ts';
import { parseRecord, progressArgs } from './record.ts';
import { SettlingConnection } from './settling-connection.ts';
import { REUSE_FOR_MS, type WorkerOptions } from './worker-options.ts';

/** With at least this many slots, two calls may be in flight: the server executes one while the handlers of the other run. */
const TWO_LANES_FROM = 8;
const PAUSE_CHECK_MS = 1000;
const MAX_STALL_MS = 600_000;

/**
 * Takes jobs and runs them: each at least once, and with one outcome. Its one call, the cycle, ends a batch of jobs and starts others.
 * Jobs that end while a call is in flight are sent with the next, so a single job is acknowledged at once and many are sent together.
 * An idle worker waits in BLMOVE, with a cycle right behind it. Claims are not renewed per job: the worker sends heartbeats, and if it dies
 * an observer returns all its jobs to the queue.
 *
 * After each event (a job ended, a reply came, an id was lost, the queue was resumed) #act does what the first matching row says:
 *
 * | state                                                                   | action                                             |
 * |-------------------------------------------------------------------------|----------------------------------------------------|
 * | #isStopped, or #isRecovering                                            | none                                               |
 * | no #id (at first, and after observers declared it dead), or #isUnsure   | recover: register, ask which jobs it holds. Only   |
 * |                                                                         | if no call is in flight, nor #isBlocked, and jobs  |
 * |                                                                         | are left if #isStopping                            |
 * | #callsInFlight fills the #lanes                                         | none                                               |
 * | jobs have ended; or slots are free, and none of #isStopping,            | cycle                                              |
 * | #isBlocked, #isListEmpty, #isPaused                                     |                                                    |
 * | #isListEmpty, slots are free, no call is in flight, and none of         | wait for a job in BLMOVE                           |
 * | #isStopping, #isBlocked, #isPaused                                      |                                                    |
 *
 * | flag         | set by                                                   | cleared by                                       |
 * |--------------|----------------------------------------------------------|--------------------------------------------------|
 * | #isUnsure    | a failed call; heartbeats that count unknown jobs        | the reply to resync                              |
 * | #isRecovering| the start of a recovery                                  | its end, successful or not                       |
 * | #isListEmpty | a cycle that got fewer jobs than it requested            | a full cycle, a job's end unless #isBlocked,     |
 * |              |                                                          | resume, resync, a failed wait, a lost id         |
 * | #isBlocked   | the start of a wait in BLMOVE                            | its end                                          |
 * | #isPaused    | a reply PAUSED                                           | resume, or a second later to check again         |
 * | #isStopping  | stop()                                                   | never                                            |
 * | #isStopped   | stop(), when the jobs have ended or the time is up       | never                                            |
 */
export class Worker {
  readonly #keys: QueueKeys;
  readonly #commands: SettlingConnection;
  readonly #blocking: SettlingConnection;
  readonly #options: Required<WorkerOptions>;
  readonly #retry: RetryPolicy;
  readonly #lanes: number;
  readonly #jobs: ActiveJobs;
  readonly #delayedJobs: DelayedJobTimer;
  readonly #heartbeat: Heartbeat;
  readonly #failureLog: FailureLog;
  #listener: ChannelListener | undefined;
  /** the worker id, never used again after it was lost */
  #id: string | undefined;
  /** grows with each call of this worker; part of the fencing tokens */
  #seq = 0;
  #callsInFlight = 0;
  #isBlocked = false;
  #isListEmpty = false;
  #isUnsure = false;
  #isRecovering = false;
  #isScheduled = false;
  #isPaused = false;
  #isStopping = false;
  #isStopped = false;
  /** failed calls since the last successful one */
  #failures = 0;
  #resolveIfIdle = () => {};

  constructor(options: WorkerOptions) {
    const { concurrency = 1, retry, blocking = blockingConnection(options.redis) } = options;
    this.#options = {
      lostAfterMs: LOST_AFTER_MS,
      blockSeconds: 2,
      reuseForMs: REUSE_FOR_MS,
      namePrefix: '',
      adopts: false,
      heartbeat: 'timer',
      maxStallMs: MAX_STALL_MS,
      logger: silent,
      ...options,
      blocking,
      concurrency,
      retry: retry ?? {},
    };
    this.#retry = { ...RETRY, ...retry };
    this.#keys = queueKeys(options.queue);
    this.#commands = new SettlingConnection(options.redis, this.#keys);
    this.#blocking = new SettlingConnection(blocking, this.#keys);
    this.#lanes = concurrency >= TWO_LANES_FROM ? 2 : 1;
    this.#delayedJobs = new DelayedJobTimer(this.#commands);
    this.#failureLog = new FailureLog(this.#options.logger);
    this.#jobs = new ActiveJobs({
      slots: concurrency,
      run: (job) => this.#runJob(job),
      setProgress: (job, percent, stage) => this.#setProgress(job, percent, stage),
      onEnd: () => this.#onJobEnd(),
    });
    this.#heartbeat = new Heartbeat(this.#commands, this.#jobs, this.#delayedJobs, this.#options, {
      onFenced: (id) => this.#onFenced(id),
      onSurplus: () => this.#onSurplus(),
      // The connection that waits in BLMOVE is silent by design, so it would detect a failure last. To reconnect it costs little.
      onSilence: () => this.#blocking.reconnect(),
    });
  }

  /** The id under which this worker holds jobs now; undefined until it has registered. */
  get name(): string | undefined {
    return this.#id;
  }

  /** Begins to take jobs. If the store is unavailable, it retries until it is available. */
  start(): this {
    this.#heartbeat.start();
    this.#listener ??= new ChannelListener(this.#options.redis, this.#keys.control, (message) => this.#onMessage(message));
    this.#schedule();
    return this;
  }

  /**
   * Takes no more jobs, lets running jobs end for at most `graceMs`, and returns the rest to the queue, without counting a crash. Closes the
   * blocking connection.
   */
  async stop(graceMs = 25_000): Promise<void> {
    this.#isStopping = true;
    this.#schedule();
    await this.#idle(graceMs);
    this.#isStopped = true;
    await this.#heartbeat.stop();
    this.#listener?.close();
    this.#delayedJobs.stop();
    this.#jobs.abandon('the worker stops');
    // The server ends the wait of a closed connection. An element that it moved all the same is in the inbox, and returns with it.
    this.#blocking.redis.disconnect();
    if (this.#id !== undefined) {
      await this.#commands.run('reap', [this.#id, '', MAX_CRASHES, 'left']).catch((error: unknown) => {
        this.#options.logger.warn({ err: error, worker: this.#id }, 'worker could not sign off; an observer will return its jobs');
      });
    }
  }

  /** Resolves when no job runs and no call is in flight, or after `graceMs`. */
  async #idle(graceMs: number): Promise<void> {
    const timer = new AbortController();
    const idle = new Promise<void>((resolve) => {
      this.#resolveIfIdle = () => {
        if (this.#jobs.size === 0 && this.#callsInFlight === 0) resolve();
      };
    });
    this.#resolveIfIdle();
    await Promise.race([idle, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }

  /** Acts soon, once for all events until then: jobs that end in the same turn are acknowledged by the same call. */
  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#act();
    });
  }

  #act(): void {
    const id = this.#id;
    if (this.#isStopped || this.#isRecovering) return;
    if (this.#isUnsure || id === undefined) {
      if (this.#canRecover) void this.#recover();
      return;
    }
    if (this.#callsInFlight >= this.#lanes) return;
    const n = this.#canTake ? Math.min(this.#jobs.freeSlots, Math.ceil(this.#options.concurrency / this.#lanes)) : 0;
    if (n > 0 || this.#jobs.hasEnded) void this.#cycle(id, n);
    else if (this.#canWait) void this.#waitForJob(id);
    this.#resolveIfIdle();
  }

  get #canRecover(): boolean {
    return this.#callsInFlight === 0 && !this.#isBlocked && !(this.#isStopping && this.#jobs.size === 0);
  }

  get #canTake(): boolean {
    return !(this.#isStopping || this.#isBlocked || this.#isListEmpty || this.#isPaused);
  }

  get #canWait(): boolean {
    const isIdle = this.#callsInFlight === 0 && this.#isListEmpty && this.#jobs.freeSlots > 0;
    return isIdle && !(this.#isBlocked || this.#isStopping || this.#isPaused);
  }

  async #cycle(id: string, n: number): Promise<void> {
    const batch = this.#jobs.takeEnded();
    this.#callsInFlight++;
    this.#jobs.freeSlots -= n;
    if (this.#callsInFlight < this.#lanes && this.#jobs.freeSlots > 0) this.#schedule();
    try {
      this.#onReply(id, n, batch, await this.#commands.run('cycle', this.#cycleArgs(id, n, batch)));
      this.#failureLog.clear(this.#commands);
    } catch (error) {
      if (id === this.#id) this.#jobs.putBack(batch);
      this.#onFailure(this.#commands, error);
    }
    this.#jobs.freeSlots += n;
    this.#callsInFlight--;
    this.#schedule();
  }

  /**
   * Waits for an element and, in the same write, starts it. The reply of BLMOVE is not needed: the element is in the inbox. If more elements
   * wait by then, the next cycle takes them; to request them here would delay the first.
   */
  async #waitForJob(id: string): Promise<void> {
    const { blockSeconds } = this.#options;
    this.#isBlocked = true;
    this.#jobs.freeSlots--;
    try {
      const { list, inbox } = this.#keys;
      this.#blocking.redis.blmove(list, inbox(id), 'LEFT', 'RIGHT', blockSeconds).catch(() => {});
      this.#onReply(id, 1, [], await this.#blocking.run('cycle', this.#cycleArgs(id, 1, []), blockSeconds * 1000 + 1000));
      this.#failureLog.clear(this.#blocking);
    } catch (error) {
      this.#isListEmpty = false;
      this.#onFailure(this.#blocking, error);
    }
    this.#jobs.freeSlots++;
    this.#isBlocked = false;
    this.#schedule();
  }

  #cycleArgs(id: string, n: number, batch: readonly EndedJob[]): (string | number)[] {
    const { adopts, reuseForMs } = this.#options;
    const args: (string | number)[] = [id, ++this.#seq, n, adopts ? 'adopt' : '', reuseForMs];
    for (const { job, args: end } of batch) args.push(job.id, job.token, ...end);
    return args;
  }

  /** The store executed a cycle: `batch` has ended, and new jobs may start. */
  #onReply(id: string, requested: number, batch: readonly EndedJob[], reply: unknown): void {
    const items = reply as [status: string, taken: number, stale: number, ...string[]];
    const [status, taken, stale] = items;
    this.#failures = 0;
    // The id was lost while the call was in flight: the jobs of this reply were taken back.
    if (id !== this.#id) return;
    if (status === 'FENCED') {
      this.#onFenced(id);
      return;
    }
    const firstJob = 3 + stale;
    if (stale > 0) this.#options.logger.warn({ jobs: items.slice(3, firstJob) }, 'job ends rejected: another worker has these jobs');
    this.#jobs.confirm(batch);
    if (status === 'PAUSED') this.#pause();
    else if (requested > 0) this.#isListEmpty = taken < requested;
    this.#startJobs(items.slice(firstJob) as string[]);
  }

  /** @param pairs id, record, id, record, ... */
  #startJobs(pairs: readonly string[]): void {
    for (let i = 0; i < pairs.length && !this.#isStopped; i += 2) this.#jobs.start(parseRecord(pairs[i] as string, pairs[i + 1] as string));
  }

  async #runJob(job: ActiveJob): Promise<EndArgs> {
    const end = await runAttempt(job, this.#options.handle, this.#retry, this.#options.logger);
    if (isDelayed(end)) this.#delayedJobs.schedule(end[2] + 1);
    return end;
  }

  #onJobEnd(): void {
    if (!this.#isBlocked) this.#isListEmpty = false;
    this.#schedule();
  }

  async #setProgress({ id, token }: ActiveJob, percent: number, stage: string): Promise<boolean> {
    const reply = await this.#commands.run('progress', [id, token, ...progressArgs(percent, stage)]);
    if (reply === 'CANCEL') this.#jobs.cancel(id);
    return reply !== 'STALE';
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    setTimeout(() => this.#resume(), PAUSE_CHECK_MS).unref();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#isListEmpty = false;
    this.#schedule();
  }

  #onMessage(message: string): void {
    if (message.startsWith('cancel ')) this.#jobs.cancel(message.slice('cancel '.length));
    if (message === 'resume') this.#resume();
  }

  #onFailure(connection: SettlingConnection, error: unknown): void {
    this.#isUnsure = true;
    this.#failures++;
    this.#failureLog.report(connection, error);
  }

  #onSurplus(): void {
    this.#isUnsure = true;
    this.#schedule();
  }

  /** Observers declared this worker dead, so other workers have its jobs. It abandons them and registers under a new id. */
  #onFenced(id: string): void {
    if (this.#id !== id) return;
    this.#options.logger.warn({ worker: id, jobs: this.#jobs.ids }, 'worker was declared dead; re-registering under a new id');
    this.#id = undefined;
    this.#heartbeat.beatFor(undefined);
    this.#jobs.abandon('another worker has this job now');
    this.#isListEmpty = false;
    this.#schedule();
  }

  /** Registers if needed, and asks the store which jobs this worker holds. No other call is in flight meanwhile. */
  async #recover(): Promise<void> {
    this.#isRecovering = true;
    if (this.#failures > 0) await sleep(Math.min(500, 50 * this.#failures));
    await this.#heartbeat.ready;
    if (this.#isStopped) return;
    try {
      this.#id ??= await this.#register();
      if (this.#isUnsure) await this.#resync(this.#id);
    } catch (error) {
      this.#onFailure(this.#commands, error);
    }
    this.#isRecovering = false;
    this.#schedule();
  }

  async #register(): Promise<string> {
    const id = `${this.#options.namePrefix}${randomBytes(8).toString('hex')}`;
    await this.#commands.run('beat', [id, 'new']);
    this.#heartbeat.beatFor(id);
    this.#options.logger.info({ worker: id, pid: process.pid }, 'worker registered');
    return id;
  }

  /** A call failed or its reply was lost, so the store may have given this worker jobs that it does not know of. Starts them. */
  async #resync(id: string): Promise<void> {
    const [status, ...found] = (await this.#commands.run('resync', [id, ...this.#jobs.ids])) as string[];
    this.#isUnsure = false;
    this.#isListEmpty = false;
    if (status === 'FENCED') this.#onFenced(id);
    if (id === this.#id) this.#startJobs(found);
  }
}
