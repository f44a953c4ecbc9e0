import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActiveJob } from './active-job.ts';
import { RETRY, type RetryPolicy, retryDelayMs } from './backoff.ts';
import { ChannelListener } from './channel-listener.ts';
import { blockingConnection } from './connection.ts';
import { DelayedJobTimer } from './delayed-job-timer.ts';
import { Heartbeat } from './heartbeat.ts';
import { type QueueKeys, queueKeys } from './keys.ts';
import { LOST_AFTER_MS, MAX_CRASHES } from './liveness.ts';
import { silent } from './queue-logger.ts';
import { noteOf, parseRecord, progressWords, type QueueRecord, saidOf, waitNote } from './record.ts';
import { SettlingConnection } from './settling-connection.ts';
import { LostReply } from './watchdog.ts';
import { ANSWERS_FOR_MS, JobCancelled, type JobEnd, type WorkerOptions } from './worker-options.ts';

/** From so many jobs at a time on, two calls are in flight: the server works on one while the handlers of the other run. */
const TWO_LANES_FROM = 8;
const PAUSE_LOOK_MS = 1000;
/** A beat is answered at once, so by its silence a dead connection is known long before the call that waits in it has to be given up. */
const BEAT_WITHIN_MS = 1500;
const MAX_STALL_MS = 600_000;

/** An end that the store has not confirmed. */
interface Ended {
  job: ActiveJob;
  /** as the cycle script takes it: outcome, note, milliseconds to wait */
  words: readonly [outcome: 's' | 'f' | 'c' | 'r' | 'k' | 'w', note: string, delayMs: number];
}

/**
 * Takes jobs and works them, at least once each and with one outcome each. Its one call, the cycle, ends a batch of jobs and starts
 * others; what ends while a call is on its way travels in the next, so that a lone job is acknowledged at once and many are together.
 * An idle worker waits in BLMOVE, with a cycle right behind it. Nothing is renewed per job: the worker beats, and if it dies an observer
 * gives everything back.
 */
export class Worker {
  readonly #keys: QueueKeys;
  readonly #commands: SettlingConnection;
  readonly #blocking: SettlingConnection;
  readonly #options: Required<WorkerOptions>;
  readonly #retry: RetryPolicy;
  readonly #lanes: number;
  readonly #delayedJobs: DelayedJobTimer;
  /** jobs from their start until the store has confirmed their end */
  readonly #held = new Map<string, ActiveJob>();
  #ended: Ended[] = [];
  /** slots that nobody uses and no call on its way has asked jobs for */
  #free: number;
  /** this incarnation's name, never used again; undefined until registered and after being fenced */
  #worker: string | undefined;
  #seq = 0;
  #calls = 0;
  #isWaiting = false;
  /** the last cycle found fewer jobs than it asked for */
  #isEmpty = false;
  /** a reply was lost: the server may have given us jobs that we do not know of */
  #isUnsure = false;
  /** beats running by which the store has us hold more jobs than we know of */
  #surplus = 0;
  #isRecovering = false;
  #isPlanned = false;
  #isPaused = false;
  #isStopping = false;
  #isOver = false;
  /** calls that went wrong since one last went well */
  #failures = 0;
  /** what each connection was last complained of */
  readonly #complaints = new Map<SettlingConnection, string>();
  #beats: NodeJS.Timeout | undefined;
  #heartbeat: Heartbeat | undefined;
  #listener: ChannelListener | undefined;
  #settled = () => {};

  constructor(options: WorkerOptions) {
    const { concurrency = 1, retry, blocking = blockingConnection(options.redis) } = options;
    this.#options = {
      lostAfterMs: LOST_AFTER_MS,
      blockSeconds: 2,
      answersForMs: ANSWERS_FOR_MS,
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
    this.#delayedJobs = new DelayedJobTimer(this.#commands);
    this.#free = concurrency;
    this.#lanes = concurrency >= TWO_LANES_FROM ? 2 : 1;
  }

  /** The name under which this worker holds jobs now. */
  get name(): string | undefined {
    return this.#worker;
  }

  /** Begins to take jobs. A store that is away is waited for. */
  start(): this {
    const everyMs = Math.min(1000, this.#options.lostAfterMs / 4);
    this.#beats ??= setInterval(() => void this.#beat(), everyMs);
    if (this.#options.heartbeat === 'thread') this.#heartbeat ??= this.#startThread(everyMs);
    this.#listener ??= new ChannelListener(this.#options.redis, this.#keys.control, (word) => this.#hear(word));
    this.#plan();
    return this;
  }

  /** Takes no more, lets running jobs end for up to `graceMs`, gives back what is left, without blame. Ends the blocking connection. */
  async stop(graceMs = 25_000): Promise<void> {
    this.#isStopping = true;
    this.#plan();
    const late = new AbortController();
    const settled = new Promise<void>((resolve) => {
      this.#settled = () => {
        if (this.#held.size === 0 && this.#calls === 0) resolve();
      };
    });
    this.#settled();
    await Promise.race([settled, sleep(graceMs, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    this.#isOver = true;
    clearInterval(this.#beats);
    await this.#heartbeat?.stop();
    this.#listener?.close();
    this.#delayedJobs.stop();
    for (const job of this.#held.values()) job.abort(new Error('the worker stops'));
    this.#held.clear();
    // A server drops who is gone from its wait; an element it had moved all the same is in the inbox, and goes back with it.
    this.#blocking.redis.disconnect();
    if (this.#worker !== undefined) {
      await this.#commands.run('reap', [this.#worker, '', MAX_CRASHES, 'left']).catch((error: unknown) => {
        this.#options.logger.warn({ err: error, worker: this.#worker }, 'could not sign off; an observer will give the jobs back');
      });
    }
  }

  #startThread(everyMs: number): Heartbeat {
    const { redis, queue, maxStallMs, logger } = this.#options;
    const onError = (error: unknown) => logger.error({ err: error }, 'the thread that beats has ended; the main thread beats alone');
    const onLate = () => logger.warn({ queue }, 'the thread that beats does not get connected; until it does the main thread beats alone');
    return new Heartbeat({ redis, queue, maxStallMs, everyMs, onError, onLate });
  }

  /** Soon, once for all that happens until then: jobs that end in the same turn are acknowledged by the same call. */
  #plan(): void {
    if (this.#isPlanned || this.#isOver) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#isOver || this.#isRecovering) return;
    if (this.#isUnsure || this.#worker === undefined) {
      if (this.#calls === 0 && !this.#isWaiting && !(this.#isStopping && this.#held.size === 0)) void this.#recover();
      return;
    }
    if (this.#calls >= this.#lanes) return;
    const takes = !(this.#isStopping || this.#isWaiting || this.#isEmpty || this.#isPaused);
    const n = takes ? Math.min(this.#free, Math.ceil(this.#options.concurrency / this.#lanes)) : 0;
    if (n > 0 || this.#ended.length > 0) void this.#cycle(this.#worker, n);
    else if (this.#calls === 0 && this.#isEmpty && !(this.#isWaiting || this.#isStopping || this.#isPaused) && this.#free > 0)
      void this.#await(this.#worker);
    this.#settled();
  }

  async #cycle(worker: string, n: number): Promise<void> {
    const batch = this.#ended;
    this.#ended = [];
    this.#calls++;
    this.#free -= n;
    if (this.#calls < this.#lanes && this.#free > 0) this.#plan();
    try {
      this.#took(worker, n, batch, await this.#commands.run('cycle', this.#words(worker, n, batch)));
      this.#complaints.delete(this.#commands);
    } catch (error) {
      if (worker === this.#worker) this.#ended = [...batch, ...this.#ended];
      this.#failed(this.#commands, error);
    }
    this.#free += n;
    this.#calls--;
    this.#plan();
  }

  #words(worker: string, n: number, batch: readonly Ended[]): (string | number)[] {
    const { adopts, answersForMs } = this.#options;
    const words: (string | number)[] = [worker, ++this.#seq, n, adopts ? 'adopt' : '', answersForMs];
    for (const { job, words: end } of batch) words.push(job.id, job.token, ...end);
    return words;
  }

  /**
   * Waits for an element, and right behind that, in one write, starts it. BLMOVE's own reply is not needed: the inbox tells. If more wait
   * by then, the next cycle finds them; to look already would make the one job later.
   */
  async #await(worker: string): Promise<void> {
    const { blockSeconds } = this.#options;
    this.#isWaiting = true;
    this.#free--;
    try {
      const { list, inbox } = this.#keys;
      this.#blocking.redis.blmove(list, inbox(worker), 'LEFT', 'RIGHT', blockSeconds).catch(() => {});
      const reply = await this.#blocking.run('cycle', this.#words(worker, 1, []), blockSeconds * 1000 + 1000);
      this.#took(worker, 1, [], reply);
      this.#complaints.delete(this.#blocking);
    } catch (error) {
      this.#isEmpty = false;
      this.#failed(this.#blocking, error);
    }
    this.#free++;
    this.#isWaiting = false;
    this.#plan();
  }

  /** The store has heard `batch` and answers with new jobs. */
  #took(worker: string, asked: number, batch: readonly Ended[], reply: unknown): void {
    const words = reply as [status: string, taken: number, stale: number, ...string[]];
    const [status, taken, stale] = words;
    this.#failures = 0;
    // Fenced on the other connection meanwhile: what this reply gives was taken from us again.
    if (worker !== this.#worker) return;
    if (status === 'FENCED') {
      this.#fenced(worker);
      return;
    }
    const firstJob = 3 + stale;
    if (stale > 0) this.#options.logger.warn({ jobs: words.slice(3, firstJob) }, 'jobs were another worker’s by the time they ended here');
    for (const { job } of batch) if (this.#held.get(job.id) === job) this.#held.delete(job.id);
    if (status === 'PAUSED') this.#pause();
    else if (asked > 0) this.#isEmpty = taken < asked;
    for (let i = firstJob; i < words.length; i += 2) this.#launch(parseRecord(words[i] as string, words[i + 1] as string));
  }

  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    setTimeout(() => this.#resume(), PAUSE_LOOK_MS).unref();
  }

  #resume(): void {
    this.#isPaused = false;
    this.#isEmpty = false;
    this.#plan();
  }

  #failed(connection: SettlingConnection, error: unknown): void {
    this.#isUnsure = true;
    this.#failures++;
    this.#complain(connection, error);
  }

  /** One line for each new reason, not one for each try. */
  #complain(connection: SettlingConnection, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#complaints.get(connection) || error instanceof LostReply) return;
    this.#complaints.set(connection, reason);
    this.#options.logger.warn({ err: error }, 'the queue does not do as asked; trying again until it does');
  }

  /** Alone, with no other call on its way: registers, and asks what we hold without knowing. Tries until the store answers. */
  async #recover(): Promise<void> {
    this.#isRecovering = true;
    if (this.#failures > 0) await sleep(Math.min(500, 50 * this.#failures));
    await this.#heartbeat?.ready;
    if (this.#isOver) return;
    try {
      this.#worker ??= await this.#register();
      if (this.#isUnsure) await this.#resync(this.#worker);
    } catch (error) {
      this.#failed(this.#commands, error);
    }
    this.#isRecovering = false;
    this.#plan();
  }

  async #register(): Promise<string> {
    const worker = `${this.#options.namePrefix}${randomBytes(8).toString('hex')}`;
    await this.#commands.run('beat', [worker, 'new']);
    this.#heartbeat?.beatFor(worker);
    this.#options.logger.info({ worker, pid: process.pid }, 'taking jobs');
    return worker;
  }

  async #resync(worker: string): Promise<void> {
    const [what, ...found] = (await this.#commands.run('resync', [worker, ...this.#held.keys()])) as string[];
    this.#isUnsure = false;
    this.#isEmpty = false;
    if (what === 'FENCED') this.#fenced(worker);
    if (worker !== this.#worker) return;
    for (let i = 0; i < found.length; i += 2) this.#launch(parseRecord(found[i] as string, found[i + 1] as string));
  }

  async #beat(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    try {
      const reply = await this.#commands.run('beat', [worker, 'count'], BEAT_WITHIN_MS);
      const [what, count, ...cancelled] = reply as [string, number, ...string[]];
      if (what === 'FENCED') this.#fenced(worker);
      else this.#compare(count);
      for (const id of cancelled) this.#cancel(id);
      await this.#delayedJobs.promote();
    } catch (error) {
      // A beat that does not get through is followed by the next. The connection that waits may do so rightly, so it would be the last to
      // find out; to make it anew costs little.
      if (error instanceof LostReply && error.isSilence) this.#blocking.reconnect();
    }
  }

  /**
   * A call that we gave up may be executed all the same, minutes later, when the network lets it through: it then takes jobs for us that
   * nobody tells us of, and that nobody else gets while we beat. One surplus may be a reply on its way; two running are not.
   */
  #compare(count: number): void {
    this.#surplus = count > this.#held.size ? this.#surplus + 1 : 0;
    if (this.#surplus < 2) return;
    this.#surplus = 0;
    this.#isUnsure = true;
    this.#plan();
  }

  #hear(word: string): void {
    if (word.startsWith('cancel ')) this.#cancel(word.slice('cancel '.length));
    if (word === 'resume') this.#resume();
  }

  #cancel(id: string): void {
    this.#held.get(id)?.abort(new JobCancelled());
  }

  /** Somebody declared us dead, so our jobs are another's: let go of them and go on under a new name. */
  #fenced(worker: string): void {
    if (this.#worker !== worker) return;
    this.#options.logger.warn({ worker, jobs: [...this.#held.keys()] }, 'was taken for dead; goes on under a new name');
    this.#worker = undefined;
    this.#heartbeat?.beatFor(undefined);
    for (const job of this.#held.values()) job.abort(new Error('another worker has this job now'));
    this.#held.clear();
    this.#ended = [];
    this.#isEmpty = false;
    this.#plan();
  }

  #launch(record: QueueRecord): void {
    const { id, token } = record;
    if (this.#held.get(id)?.token === token || this.#isOver) return;
    const job = new ActiveJob(record, this.#progress);
    this.#held.set(id, job);
    this.#free--;
    void this.#work(job).then((words) => {
      this.#free++;
      if (this.#held.get(id) === job) this.#ended.push({ job, words });
      if (!this.#isWaiting) this.#isEmpty = false;
      this.#plan();
    });
  }

  async #work(job: ActiveJob): Promise<Ended['words']> {
    try {
      const end = await this.#options.handle(job);
      if (job.abortReason instanceof JobCancelled) return ['c', '', 0];
      return this.#wordsOf(end, job);
    } catch (error) {
      if (job.abortReason instanceof JobCancelled) return ['c', '', 0];
      const message = error instanceof Error ? error.message : String(error);
      this.#options.logger.error({ err: error, job: job.id, attempt: job.attempt }, 'a job failed without saying why');
      return this.#wordsOf({ state: 'retry', note: JSON.stringify({ message }), said: message }, job);
    }
  }

  #wordsOf(end: JobEnd, { record }: ActiveJob): Ended['words'] {
    if (end.state === 'complete') return ['s', noteOf(end.note), 0];
    if (end.state === 'failed') return ['f', noteOf(end.note), 0];
    if (end.state === 'waiting') return this.#again('w', waitNote(end.since, end.said), end.delayMs);
    if (end.state === 'interrupted') {
      const crashes = record.crashes + 1;
      const delayMs = crashes > MAX_CRASHES ? undefined : retryDelayMs(crashes, { ...this.#retry, attempts: MAX_CRASHES + 1 });
      return delayMs === undefined ? ['f', noteOf(end.note), 0] : this.#again('k', saidOf(end.said), delayMs);
    }
    const delayMs = retryDelayMs(record.attempts - record.crashes, this.#retry);
    return delayMs === undefined ? ['f', noteOf(end.note), 0] : this.#again('r', saidOf(end.said), delayMs);
  }

  /** Once the delay is over the job is ready again. */
  #again(outcome: 'r' | 'k' | 'w', note: string, delayMs: number): Ended['words'] {
    this.#delayedJobs.schedule(delayMs + 1);
    return [outcome, note, delayMs];
  }

  #progress = async ({ id, token }: ActiveJob, percent: number, stage: string): Promise<boolean> => {
    const reply = await this.#commands.run('progress', [id, token, ...progressWords(percent, stage)]);
    if (reply === 'CANCEL') this.#cancel(id);
    return reply !== 'STALE';
  };
}
