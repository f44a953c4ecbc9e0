import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { type Durability, Observer, ReliableQueue, silent } from '../../src/index.ts';
import { type Allowances, check, type Verdict } from './check.ts';
import type { Conduit } from './conduit.ts';
import { connect } from './connect.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { type Event, History, monotonicMs, readHistory } from './history.ts';
import { NetworkProxy } from './proxy.ts';
import { type Reading, takeReading } from './reading.ts';
import { type ProducerSettings, plainTask, type Task, type WorkerSettings } from './settings.ts';
import { Tally } from './tally.ts';
import { until } from './until.ts';
import { Watch } from './watch.ts';

export interface StageOptions {
  seed: number;
  workers: number;
  concurrency: number;
  producers: number;
  /** jobs a second of all producers together */
  rate: number;
  lostAfterMs: number;
  /** of the store; default: every write is on the disk before it is answered */
  storeOptions?: readonly string[];
  /** one that was started already; its end is then not the stage's */
  store?: TestRedis;
  durability?: Durability;
  isPlain?: boolean;
  /** ended jobs are forgotten by the queue after this, as retention does; default never */
  keepsMs?: number;
  /** how often somebody looks at the whole, default 200 */
  looksEveryMs?: number;
  /** where what happens is written down; default beside the store, and gone with it */
  history?: string;
  /** the first worker is never killed, so that one can see what it takes of the machine in the long run */
  hasVeteran?: boolean;
}

const QUEUE = 'chaos';
const SAFE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const REUSE_FOR_MS = 3000;
const STUCK_AFTER_MS = 60_000;

interface Worker {
  process: ChildProcess;
  name: string | undefined;
  /** whether its parent says when it has died */
  isMissed: boolean;
}

/**
 * A store, a network before it, producers and workers in processes of their own, an observer, and somebody who watches. Things are done
 * to it; at the end it is given peace, and judged.
 */
export class Stage {
  readonly store: TestRedis;
  readonly proxy: NetworkProxy;
  readonly redis: Redis;
  readonly queue: ReliableQueue;
  readonly watch = new Watch();
  readonly lostAfterMs: number;
  /** a network without faults, for those who judge */
  readonly #ownWay: NetworkProxy;
  readonly #options: StageOptions;
  readonly #file: string;
  readonly #history: History;
  readonly #tally: Tally;
  readonly #observer: Observer;
  readonly #workers: Worker[];
  readonly #producers: ChildProcess[];
  #memoryBefore = 0;
  #watching: Promise<void> | undefined;
  #isOver = false;
  #isResting = false;

  static async start(options: StageOptions): Promise<Stage> {
    const store = options.store ?? (await startTestRedis(options.storeOptions ?? SAFE));
    const stage = new Stage(options, store, await NetworkProxy.start(store.port), await NetworkProxy.start(store.port));
    await stage.#insist(() => stage.redis.ping());
    stage.#memoryBefore = await stage.#memory();
    stage.#watching = stage.#look();
    return stage;
  }

  private constructor(options: StageOptions, store: TestRedis, proxy: NetworkProxy, ownWay: NetworkProxy) {
    this.#options = options;
    this.lostAfterMs = options.lostAfterMs;
    this.store = store;
    this.proxy = proxy;
    this.#ownWay = ownWay;
    this.redis = connect(ownWay.port);
    this.queue = new ReliableQueue(this.redis, QUEUE);
    this.#file = options.history ?? join(store.folder, 'history.jsonl');
    this.#history = new History(this.#file);
    this.#tally = new Tally(this.#file);
    this.#observer = new Observer({ redis: this.redis, queue: QUEUE, logger: silent, lostAfterMs: options.lostAfterMs }).start();
    this.#workers = Array.from({ length: options.workers }, () => this.#startWorker());
    this.#producers = Array.from({ length: options.producers }, (_, i) => this.#startProducer(i));
  }

  /** Waits until every worker has its name and jobs of every producer are done: from then on faults hit something. */
  async atWork(jobs = 50): Promise<void> {
    const isAtWork = async () => this.#workers.every(({ name }) => name !== undefined) && (await this.#producersAreHeard(jobs));
    await until(() => isAtWork().catch(() => false), 'workers and producers at work');
  }

  async #producersAreHeard(jobs: number): Promise<boolean> {
    const done = new Map<string, number>();
    for await (const { id } of this.queue.walk({ states: ['complete'] })) {
      const producer = id.split('-')[0] as string;
      done.set(producer, (done.get(producer) ?? 0) + 1);
    }
    return done.size === this.#producers.length && Math.min(...done.values()) >= jobs / done.size;
  }

  #startWorker(): Worker {
    const { concurrency } = this.#options;
    const settings: WorkerSettings = { ...this.#common(), concurrency, reuseForMs: REUSE_FOR_MS };
    const process = fork(new URL('./worker-process.ts', import.meta.url), [JSON.stringify(settings)]);
    const worker: Worker = { process, name: undefined, isMissed: true };
    process.on('message', ({ name }: { name?: string }) => {
      worker.name = name;
    });
    process.once('exit', () => void this.#replace(worker));
    return worker;
  }

  /** What a supervisor does when a worker's process has ended, whyever: says so, and starts another. */
  async #replace(worker: Worker): Promise<void> {
    if (this.#isOver || this.#isResting) return;
    if (worker.isMissed && worker.name !== undefined) await this.#observer.reapNow(worker.name).catch(() => -1);
    if (!this.#isOver) this.#workers[this.#workers.indexOf(worker)] = this.#startWorker();
  }

  #startProducer(i: number): ChildProcess {
    const { seed, rate, producers, durability = 'memory', isPlain = false } = this.#options;
    const settings: ProducerSettings = { ...this.#common(), name: `p${i}`, seed: seed + i, rate: rate / producers, durability, isPlain };
    return fork(new URL('./producer-process.ts', import.meta.url), [JSON.stringify(settings)]);
  }

  #common() {
    return { port: this.proxy.port, queue: QUEUE, history: this.#file, lostAfterMs: this.lostAfterMs };
  }

  tell(fault: string): void {
    this.#history.write({ what: 'fault', fault });
  }

  conduit(whom: number): Conduit | undefined {
    const all = this.proxy.conduits;
    return all[whom % all.length];
  }

  /** Kills a worker's process; another is started in its place. Only with `isMissed` its parent says at once that it is dead. */
  killWorker(whom: number, isMissed: boolean): void {
    const spared = this.#options.hasVeteran ? 1 : 0;
    const worker = this.#workers[spared + (whom % (this.#workers.length - spared))] as Worker;
    worker.isMissed = isMissed;
    worker.process.kill('SIGKILL');
  }

  /** Lets a worker's process stand still for a while. */
  async suspendWorker(whom: number, ms: number): Promise<void> {
    const { process } = this.#workers[whom % this.#workers.length] as Worker;
    process.kill('SIGSTOP');
    await sleep(ms);
    process.kill('SIGCONT');
  }

  /** Pauses the queue for a while, and notes between which server times nothing may have begun. */
  async pause(ms: number): Promise<void> {
    try {
      await this.queue.pause();
      const from = await this.serverTime();
      await sleep(ms);
      this.#history.write({ what: 'paused', from, to: await this.serverTime() });
    } finally {
      await this.#insist(() => this.queue.resume());
    }
  }

  async serverTime(): Promise<number> {
    const [seconds, micros] = (await this.redis.time()) as unknown as [string, string];
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch {
        await sleep(20);
      }
    }
  }

  async #memory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await this.redis.info('memory'))?.[1]);
  }

  async #look(): Promise<void> {
    while (!this.#isOver) {
      try {
        const reading = await takeReading(this.redis, QUEUE);
        this.watch.see(reading);
        if (this.#options.keepsMs !== undefined) await this.#forgetOld(reading, this.#options.keepsMs);
      } catch {
        // The store is away.
      }
      await sleep(this.#options.looksEveryMs ?? 200);
    }
  }

  /** Forgets what has been seen ended, and was created a while ago; what still lies somewhere would be taken for no job then. */
  async #forgetOld({ records, list, inboxes }: Reading, keepsMs: number): Promise<void> {
    const before = (await this.serverTime()) - keepsMs;
    const lying = new Set([...list, ...[...inboxes.values()].flat()]);
    for (const record of records.values()) {
      if (record === undefined || record.created >= before || lying.has(record.id)) continue;
      if (this.watch.ended.has(record.id)) await this.queue.remove(record.id);
    }
  }

  /** Makes everything whole again, lets all that is open be worked, ends the workers in order. Answers what was left by then. */
  async rest(): Promise<Reading> {
    this.proxy.heal();
    for (const producer of this.#producers) if (producer.connected) producer.send('stop');
    await this.#whileThingsHappen(async () => this.#producers.every(({ exitCode }) => exitCode !== null));
    await this.#whileThingsHappen(async () => {
      const counts = await this.queue.counts();
      return counts.queued + counts.delayed + counts.active + counts.joined === 0;
    });
    this.#isResting = true;
    for (const { process } of this.#workers) process.kill('SIGTERM');
    await this.#until(async () => (await this.redis.hlen(this.queue.keys.workers)) === 0, 5 * this.lostAfterMs + 20_000);
    this.#isOver = true;
    await this.#watching;
    return await takeReading(this.redis, QUEUE);
  }

  /** Until it is so, or nothing has been accepted or begun for a long time: then something is stuck, and the judge says what. */
  async #whileThingsHappen(isSo: () => Promise<boolean>): Promise<void> {
    const lastOf = () => Math.max(...['accepted', 'started', 'confirmed'].map((what) => this.#tally.read().last.get(what) ?? 0));
    const since = monotonicMs();
    for (; Math.max(since, lastOf()) > monotonicMs() - STUCK_AFTER_MS; await sleep(50)) {
      if (await isSo().catch(() => false)) return;
    }
  }

  async #until(isSo: () => Promise<boolean>, withinMs: number): Promise<void> {
    for (const end = performance.now() + withinMs; performance.now() < end; await sleep(50)) {
      if (await isSo().catch(() => false)) return;
    }
  }

  /** Judges everything since the start; the queue must be at rest. Afterwards its records are gone, and so must be the memory. */
  async judge(allows: Allowances = {}): Promise<Verdict> {
    const last = await this.rest();
    for (const [id, record] of this.watch.ended) if (!last.records.has(id)) last.records.set(id, record);
    const verdict = await check(this.events(), last, allows);
    verdict.violations.unshift(...this.watch.violations, ...(await this.#remains(allows)));
    return verdict;
  }

  /** Waits until a handler begins, from now on; answers how many milliseconds that took. */
  untilNextStart(): Promise<number> {
    const since = monotonicMs();
    return until(() => (this.#tally.read().last.get('started') ?? 0) > since, 'an attempt that begins');
  }

  /** Waits until so many more ends are confirmed, but no longer than that. */
  async untilConfirmed(many: number, atMostMs: number): Promise<void> {
    const before = this.#tally.read().count('confirmed');
    await this.#until(async () => this.#tally.read().count('confirmed') >= before + many, atMostMs);
  }

  /** Everything that was written down so far. */
  events(): AsyncGenerator<Event> {
    return readHistory(this.#file);
  }

  /** From now on all reach another store by the same addresses. */
  lead(port: number): void {
    this.proxy.lead(port);
    this.#ownWay.lead(port);
  }

  /** Puts one job of a kind that producers do not put. */
  async put(id: string, task: Partial<Task>): Promise<void> {
    await this.queue.enqueue(id, JSON.stringify({ ...plainTask, ...task }));
  }

  /** What the store keeps when every job is forgotten. */
  async #remains({ forgets = false }: Allowances): Promise<string[]> {
    await this.queue.trim((await this.serverTime()) + 1);
    await sleep(REUSE_FOR_MS + 200);
    const keys = await this.redis.keys('*');
    const more = (await this.#memory()) - this.#memoryBefore;
    const remains = keys.length > 0 ? [`I14 keys that stay: ${keys.slice(0, 5).join(', ')}`] : [];
    // After another store has taken over there is nothing to compare with.
    return more > 2_000_000 && !forgets ? [...remains, `I14 ${more} bytes more than at the beginning`] : remains;
  }

  /** What the processes that live as long as this take of the machine now. */
  footprints(): Record<string, Footprint | undefined> {
    const [veteran, producer] = [this.#workers[0]?.process.pid, this.#producers[0]?.pid];
    return { 'a worker': footprintOf(veteran as number), 'a producer': footprintOf(producer as number) };
  }

  async end(): Promise<void> {
    this.#isOver = true;
    this.#observer.stop();
    this.queue.close();
    for (const process of [...this.#workers.map((worker) => worker.process), ...this.#producers]) process.kill('SIGKILL');
    await this.#watching;
    this.redis.disconnect();
    await this.proxy.end();
    await this.#ownWay.end();
    this.#history.close();
    this.#tally.close();
    if (this.#options.store === undefined) await this.store.end();
  }
}
