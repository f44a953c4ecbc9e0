import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type QueueKeys, queueKeys } from './keys.ts';
import { Link, LostReply } from './link.ts';
import { LOST_AFTER_MS, MAX_CRASHES } from './observer.ts';
import { parseRecord, type QueueRecord } from './record.ts';
import type { JobEnd, WorkerOptions } from './worker-options.ts';

const DAY_MS = 86_400_000;
type Holding = { token: string; abort: AbortController };

/**
 * Takes jobs and works them, at least once each and with one outcome each. Ids move by BLMOVE into this worker's inbox, or straight by
 * the start script; a job is acknowledged by finish, at its end. Nothing is renewed per job: the worker beats, and if it dies an
 * observer gives everything back.
 */
export class Worker {
  readonly #keys: QueueKeys;
  readonly #commands: Link;
  readonly #blocking: Link;
  readonly #options: Required<WorkerOptions>;
  readonly #held = new Map<string, Holding>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  /** this incarnation's name, never used again; undefined until registered and after being fenced */
  #worker: string | undefined;
  #seq = 0;
  /** a reply was lost: the server may have given us jobs that we do not know of */
  #isUnsure = false;
  #loop: Promise<void> | undefined;
  #beats: NodeJS.Timeout | undefined;
  #wake = () => {};
  #complaint = '';

  constructor(options: WorkerOptions) {
    this.#options = { concurrency: 1, lostAfterMs: LOST_AFTER_MS, blockSeconds: 2, answersForMs: 6 * DAY_MS, ...options };
    this.#keys = queueKeys(options.queue);
    this.#commands = new Link(options.redis, this.#keys);
    this.#blocking = new Link(options.blocking, this.#keys);
  }

  /** The name under which this worker holds jobs now. */
  get name(): string | undefined {
    return this.#worker;
  }

  /** Begins to take jobs. A store that is away is waited for. */
  start(): this {
    this.#beats ??= setInterval(() => void this.#beat(), Math.min(1000, this.#options.lostAfterMs / 4));
    this.#loop ??= this.#run();
    return this;
  }

  /** Takes no more, lets running jobs end for up to `graceMs`, gives back what is left, without blame. */
  async stop(graceMs = 25_000): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#loop;
    const late = new AbortController();
    await Promise.race([Promise.all(this.#running), sleep(graceMs, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    clearInterval(this.#beats);
    for (const { abort } of this.#held.values()) abort.abort(new Error('the worker stops'));
    this.#held.clear();
    if (this.#worker !== undefined) {
      await this.#commands.run('reap', [this.#worker, '', MAX_CRASHES, 'left']).catch((error: unknown) => {
        this.#options.logger.warn({ err: error, worker: this.#worker }, 'could not sign off; an observer will give the jobs back');
      });
    }
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#slot();
        if (this.#stop.signal.aborted) return;
        const worker = await this.#registered();
        if (this.#isUnsure) await this.#resync(worker);
        if ((await this.#next(worker)) === 'EMPTY') await this.#await(worker);
        failures = 0;
        this.#complaint = '';
      } catch (error) {
        this.#isUnsure = true;
        this.#complain(error);
        await sleep(Math.min(500, 50 * ++failures), undefined, { signal: this.#stop.signal }).catch(() => {});
      }
    }
  }

  /** One line for each new reason, not one for each try. */
  #complain(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#complaint || error instanceof LostReply) return;
    this.#complaint = reason;
    this.#options.logger.warn({ err: error }, 'the queue does not do as asked; trying again until it does');
  }

  /** Waits until fewer jobs than `concurrency` run, or the worker stops. */
  async #slot(): Promise<void> {
    while (this.#running.size >= this.#options.concurrency && !this.#stop.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }

  async #registered(): Promise<string> {
    if (this.#worker !== undefined) return this.#worker;
    const worker = randomBytes(8).toString('hex');
    await this.#commands.run('beat', [worker, 'new']);
    this.#worker = worker;
    this.#options.logger.info({ worker, pid: process.pid }, 'taking jobs');
    return worker;
  }

  async #next(worker: string): Promise<string> {
    const [what, id, text] = (await this.#commands.run('start', [worker, ++this.#seq])) as [string, string, string];
    if (what === 'FENCED') this.#fenced(worker);
    if (what === 'JOB') this.#launch(parseRecord(id, text));
    return what;
  }

  /** Waits for an element. Its reply is not needed: whatever lies in the inbox is found by the next start. */
  async #await(worker: string): Promise<void> {
    const { blockSeconds } = this.#options;
    await this.#blocking.settled(
      () => this.#blocking.redis.blmove(this.#keys.list, this.#keys.inbox(worker), 'LEFT', 'RIGHT', blockSeconds),
      blockSeconds * 1000 + 1000,
    );
  }

  async #resync(worker: string): Promise<void> {
    const [what, ...found] = (await this.#commands.run('resync', [worker, ...this.#held.keys()])) as string[];
    this.#isUnsure = false;
    if (what === 'FENCED') {
      this.#fenced(worker);
      throw new LostReply('this worker was taken for dead');
    }
    for (let i = 0; i < found.length; i += 2) this.#launch(parseRecord(found[i] as string, found[i + 1] as string));
  }

  async #beat(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    // A beat that does not get through is followed by the next.
    const reply = await this.#commands.run('beat', [worker, '']).catch(() => undefined);
    if (reply === 'FENCED') this.#fenced(worker);
  }

  /** Somebody declared us dead, so our jobs are another's: let go of them and go on under a new name. */
  #fenced(worker: string): void {
    if (this.#worker !== worker) return;
    this.#options.logger.warn({ worker, jobs: [...this.#held.keys()] }, 'was taken for dead; goes on under a new name');
    this.#worker = undefined;
    for (const { abort } of this.#held.values()) abort.abort(new Error('another worker has this job now'));
    this.#held.clear();
  }

  #launch(record: QueueRecord): void {
    const { id, token } = record;
    const abort = new AbortController();
    const holding: Holding = { token, abort };
    this.#held.set(id, holding);
    const done = this.#work(record, abort.signal)
      .then((end) => this.#finish(id, holding, end))
      .finally(() => {
        this.#running.delete(done);
        this.#wake();
      });
    this.#running.add(done);
  }

  async #work(record: QueueRecord, signal: AbortSignal): Promise<JobEnd> {
    const { id, token, attempts, payload } = record;
    const progress = async (percent: number, stage: string) =>
      (await this.#commands.run('progress', [id, token, Math.max(0, Math.min(100, Math.floor(percent))), stage.replaceAll('\n', ' ')])) ===
      'OK';
    try {
      return await this.#options.handle({ id, payload, record, attempt: attempts, token, signal, progress });
    } catch (error) {
      this.#options.logger.error({ err: error, job: id }, 'a job failed without saying why');
      return { state: 'failed', note: JSON.stringify({ message: error instanceof Error ? error.message : String(error) }) };
    }
  }

  /** Says how a job ended until the store has heard it, or the job is not ours any more. */
  async #finish(id: string, holding: Holding, { state, note }: JobEnd): Promise<void> {
    const { answersForMs, logger } = this.#options;
    const args = [id, holding.token, state === 'complete' ? 's' : 'f', note.replaceAll('\n', ' '), answersForMs];
    for (let failures = 0; this.#held.get(id) === holding; ) {
      try {
        const reply = await this.#commands.run('finish', args);
        if (reply === 'STALE') logger.warn({ job: id, token: holding.token }, 'a job was another worker’s by the time it ended here');
        if (this.#held.get(id) === holding) this.#held.delete(id);
      } catch (error) {
        this.#complain(error);
        await sleep(Math.min(500, 50 * ++failures));
      }
    }
  }
}
