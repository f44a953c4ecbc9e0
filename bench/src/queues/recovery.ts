import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRedis } from '@almanac/testkit';
import type { Begun } from './killable-worker.ts';
import type { OpenSide, Side } from './side.ts';

const CONCURRENCY = 8;
/** Jobs that a worker has begun when it is. */
const UNDER_WAY = 5 * CONCURRENCY;
const program = new URL('./killable-worker.ts', import.meta.url);

interface WorkerProcess {
  process: ChildProcess;
  name: string | undefined;
  begun: number;
  killedAt: number | undefined;
}

/** Worker processes of one queue, of which one after the other is killed and replaced, and when what they held was begun again. */
export class Casualties {
  /** milliseconds from the death of its worker until a job began again */
  readonly gaps: number[] = [];
  /** how many beginnings there were */
  begun = 0;
  #begunAt = 0;
  readonly #side: Side;
  readonly #store: TestRedis;
  readonly #mostMs: number;
  readonly #workers: WorkerProcess[];
  readonly #holders = new Map<number, WorkerProcess>();

  constructor(side: Side, store: TestRedis, count: number, mostMs: number) {
    this.#side = side;
    this.#store = store;
    this.#mostMs = mostMs;
    this.#workers = Array.from({ length: count }, () => this.#start());
  }

  #start(): WorkerProcess {
    const { url, port } = this.#store;
    const words = [this.#side.name, JSON.stringify({ url, port }), String(CONCURRENCY), String(this.#mostMs)];
    const worker: WorkerProcess = { process: fork(program, words), name: undefined, begun: 0, killedAt: undefined };
    worker.process.on('message', (message) => this.#hear(worker, message as Begun));
    return worker;
  }

  #hear(worker: WorkerProcess, { job, worker: name }: Begun): void {
    this.#begunAt = performance.now();
    this.begun++;
    worker.name = name;
    const before = this.#holders.get(job);
    if (before?.killedAt !== undefined) this.gaps.push(this.#begunAt - before.killedAt);
    this.#holders.set(job, worker);
    worker.begun++;
  }

  /**
   * Kills the i-th, as a crash, when it is well under way, and starts another in its place. Answers its name. Killed at its first jobs,
   * one after the other would be killed by the same ones: the queue would be right to take those for poison.
   */
  async kill(i: number): Promise<string | undefined> {
    const at = i % this.#workers.length;
    const worker = this.#workers[at] as WorkerProcess;
    await until(() => worker.begun > UNDER_WAY);
    worker.killedAt = performance.now();
    const isOver = once(worker.process, 'exit');
    worker.process.kill('SIGKILL');
    await isOver;
    this.#workers[at] = this.#start();
    return worker.name;
  }

  /** Resolves when every worker is under way. */
  allWork(): Promise<void> {
    return until(() => this.#workers.every(({ begun }) => begun > UNDER_WAY));
  }

  /** Resolves with the time when this number of attempts have started. */
  async whenBegun(count: number): Promise<number> {
    await until(() => this.begun >= count);
    return this.#begunAt;
  }

  /** How many different jobs have begun. */
  get jobs(): number {
    return this.#holders.size;
  }

  end(): void {
    for (const worker of this.#workers) worker.process.kill('SIGKILL');
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !holds(); ) {
    if (performance.now() > end) throw new Error('no worker starts a job: no jobs are left, or the store is unavailable');
    await sleep(5);
  }
}

/** Resolves when all jobs are complete and nothing is left over. Throws what is wrong after `withinMs`. */
export async function untilAllEnded(open: OpenSide, jobs: number, withinMs: number): Promise<void> {
  for (const until = performance.now() + withinMs; ; ) {
    try {
      return await open.check(jobs, 0);
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(500);
    }
  }
}
