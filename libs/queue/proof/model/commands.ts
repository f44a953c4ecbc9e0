import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { type End, isAgain, MOST_CRASHES, type ModelQueue } from './model.ts';
import type { RealQueue } from './real.ts';

/** One kind of step: what may be asked, what the model answers, what the queue answers. */
interface Kind<P> {
  params: fc.Arbitrary<P>;
  /** whether it makes sense now; absent: always */
  can?(model: ModelQueue, params: P): boolean;
  model(model: ModelQueue, params: P): unknown;
  real(real: RealQueue, params: P, model: ModelQueue): Promise<unknown>;
}

const LONG_MS = 3_600_000;
const REUSE_MS = 3_600_000;
const id = fc.constantFrom(...'abcdefghijkl');
const nat = fc.nat(1000);
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const names = (model: ModelQueue) => [...model.workers.keys()];
const heldBy = (model: ModelQueue, token: string, job: string) => model.workers.get(token.split(':')[0] as string)?.held.has(job) === true;

/** Ends that a worker may say: its own jobs', and any that are worth nothing (its own of long ago, another's that was reaped). */
function endsOf(model: ModelQueue, worker: string, picks: readonly { which: number; outcome: End['outcome'] }[]): End[] {
  const ends = new Map<string, End>();
  for (const { which, outcome } of picks) {
    if (model.given.length === 0) break;
    const { id, token } = at(model.given.toReversed(), which);
    const isAnothers = model.jobs.get(id)?.token === token && heldBy(model, token, id) && !token.startsWith(`${worker}:`);
    if (!isAnothers && !ends.has(id)) ends.set(id, { id, token, outcome });
  }
  return [...ends.values()];
}

const kind = <P>(given: Kind<P>): Kind<P> => given;

export const kinds = {
  enqueue: kind({
    params: fc.record({
      jobs: fc.array(fc.record({ id, hash: fc.constantFrom('', '', 'h1', 'h2'), isDelayed: fc.nat(4).map((n) => n === 0) }), {
        minLength: 1,
        maxLength: 4,
      }),
      isUrgent: fc.nat(5).map((n) => n === 0),
    }),
    model: (model, { jobs, isUrgent }) => model.enqueue(jobs, isUrgent && jobs.length === 1),
    real: async ({ queue }, { jobs, isUrgent }) => {
      const asked = jobs.map(({ id, hash, isDelayed }) => ({ id, payload: '{}', hash, delayMs: isDelayed ? LONG_MS : 0 }));
      return (await queue.enqueueAll(asked, { isUrgent: isUrgent && jobs.length === 1 })).map(({ as }) => as);
    },
  }),
  register: kind({
    params: fc.constant(null),
    can: (model) => names(model).filter((name) => !model.isFenced(name)).length < 3,
    model: (model) => void model.register(`w${model.workers.size + 1}`),
    real: async ({ connection }, _, model) => void (await connection.run('beat', [`w${model.workers.size + 1}`, 'new'])),
  }),
  cycle: kind({
    params: fc.record({
      who: nat,
      n: fc.nat(4),
      ends: fc.array(fc.record({ which: fc.nat(12), outcome: fc.constantFrom('s', 's', 's', 'f', 'c', 'r', 'k', 'w') }), { maxLength: 3 }),
    }) as fc.Arbitrary<{ who: number; n: number; ends: { which: number; outcome: End['outcome'] }[] }>,
    can: (model) => model.workers.size > 0,
    model: (model, { who, n, ends: picks }) => {
      const worker = at(names(model), who);
      const ends = endsOf(model, worker, picks);
      const seq = ++model.seq;
      if (model.isFenced(worker)) {
        model.giveBackInbox(worker);
        return ['FENCED'];
      }
      const openBefore = new Set(ends.filter(({ id }) => model.jobs.get(id)?.state === 'active').map(({ id }) => id));
      const isPaused = n > 0 && model.isPaused;
      if (isPaused) model.giveBackInbox(worker);
      // What is taken was there before the ends: an heir of a cancelled job is for the next cycle.
      const elements = isPaused ? [] : model.take(worker, n);
      const stale = model.end(worker, ends, '"end"');
      const begun = model.start(worker, elements, `${worker}:${seq}`);
      for (const { id } of ends) {
        const job = model.jobs.get(id);
        if (job !== undefined && openBefore.has(id) && !stale.includes(id) && job.state !== 'delayed') model.conclude(job);
      }
      return [isPaused ? 'PAUSED' : 'OK', elements.length, stale.length, ...stale, ...begun];
    },
    real: async ({ connection }, { who, n, ends: picks }, model) => {
      const worker = at(names(model), who);
      const ends = endsOf(model, worker, picks).flatMap(({ id, token, outcome }) => [
        id,
        token,
        outcome,
        isAgain(outcome) ? 'why' : '"end"',
        LONG_MS,
      ]);
      const [status, ...rest] = (await connection.run('cycle', [worker, model.seq + 1, n, '', REUSE_MS, ...ends])) as [
        string,
        number,
        number,
        ...string[],
      ];
      if (status === 'FENCED') return [status];
      const stale = rest[1] as number;
      return [status, ...rest.slice(0, 2 + stale), ...rest.slice(2 + stale).filter((_, i) => i % 2 === 0)];
    },
  }),
  move: kind({
    params: nat,
    can: (model, who) => model.workers.size > 0 && model.worker(at(names(model), who)).beat !== undefined && model.list.length > 0,
    model: (model, who) => {
      const moved = model.list.shift() as string;
      model.worker(at(names(model), who)).inbox.push(moved);
      return moved;
    },
    real: async ({ redis, queue }, who, model) =>
      (await redis.lmove(queue.keys.list, queue.keys.inbox(at(names(model), who)), 'LEFT', 'RIGHT'))?.replace(/^"(.*)"$/, '$1'),
  }),
  claim: kind({
    params: fc.record({ who: nat, id }),
    // Who claims has the id from the list; one in an inbox is not to be had there.
    can: (model, { id }) => model.workers.size > 0 && ![...model.workers.values()].some(({ inbox }) => inbox.includes(id)),
    model: (model, { who, id }) => {
      const worker = at(names(model), who);
      const job = model.jobs.get(id);
      const seq = ++model.seq;
      if (model.isFenced(worker)) return 'FENCED';
      if (job?.state !== 'queued') return job === undefined ? '-' : job.state;
      model.list = model.list.filter((other) => other !== id);
      model.begin(job, model.worker(worker).held, `${worker}:${seq}`);
      return 'OK';
    },
    real: async ({ connection }, { who, id }, model) => {
      const [what] = (await connection.run('claim', [at(names(model), who), model.seq + 1, id])) as string[];
      const states: Record<string, string> = { d: 'delayed', a: 'active', s: 'complete', f: 'failed', c: 'cancelled', j: 'joined' };
      return states[what as string] ?? what;
    },
  }),
  beat: kind({
    params: nat,
    can: (model) => model.workers.size > 0,
    model: (model, who) => {
      const name = at(names(model), who);
      if (model.isFenced(name)) return ['FENCED'];
      const worker = model.worker(name);
      worker.beat = (worker.beat as number) + 1;
      return ['OK', worker.held.size, ...[...worker.wishes].sort()];
    },
    real: async ({ connection }, who, model) => {
      const [what, ...rest] = (await connection.run('beat', [at(names(model), who), 'count'])) as [string, number, ...string[]];
      return [what, ...rest.slice(0, 1), ...rest.slice(1).sort()];
    },
  }),
  reap: kind({
    params: fc.record({ who: nat, sees: fc.constantFrom('', 'right', '99'), how: fc.constantFrom('lost', 'lost', 'left') }),
    can: (model) => model.workers.size > 0,
    model: (model, { who, sees, how }) => {
      const name = at(names(model), who);
      return model.reap(name, sees === 'right' ? String(model.worker(name).beat) : sees, how);
    },
    real: ({ connection }, { who, sees, how }, model) => {
      const name = at(names(model), who);
      return connection.run('reap', [name, sees === 'right' ? String(model.worker(name).beat) : sees, MOST_CRASHES, how]);
    },
  }),
  resync: kind({
    params: fc.record({ who: nat, knows: fc.array(id, { maxLength: 3 }) }),
    can: (model) => model.workers.size > 0,
    model: (model, { who, knows }) => {
      const name = at(names(model), who);
      if (model.isFenced(name)) {
        model.giveBackInbox(name);
        return ['FENCED'];
      }
      return ['OK', ...[...model.worker(name).held].filter((job) => !knows.includes(job)).sort()];
    },
    real: async ({ connection }, { who, knows }, model) => {
      const [what, ...found] = (await connection.run('resync', [at(names(model), who), ...knows])) as [string, ...string[]];
      return [what, ...found.filter((_, i) => i % 2 === 0).sort()];
    },
  }),
  cancel: kind({ params: id, model: (model, id) => model.cancel(id), real: ({ queue }, id) => queue.cancel(id) }),
  progress: kind({
    params: fc.record({ which: fc.nat(6), percent: fc.nat(100) }),
    can: (model) => model.given.length > 0,
    model: (model, { which, percent }) => {
      const { id, token } = at(model.given.toReversed(), which);
      const job = model.jobs.get(id);
      if (job?.state !== 'active' || job.token !== token) return 'STALE';
      job.note = `${Math.max(percent, Number(/^\d*/.exec(job.note)?.[0]))} draw`;
      return model.worker(token.split(':')[0] as string).wishes.has(id) ? 'CANCEL' : 'OK';
    },
    real: ({ connection }, { which, percent }, model) => {
      const { id, token } = at(model.given.toReversed(), which);
      return connection.run('progress', [id, token, percent, 'draw']);
    },
  }),
  comeDue: kind({
    params: nat,
    can: (model) => model.delayed.size > 0,
    model: (model, which) => void model.delayed.set(at([...model.delayed.keys()], which), ++model.seq),
    real: async ({ redis, queue }, which, model) =>
      void (await redis.zadd(queue.keys.delayed, 'XX', model.seq + 1, at([...model.delayed.keys()], which))),
  }),
  promote: kind({
    params: fc.constant(null),
    model: (model) => {
      model.promote();
      return model.delayed.size > 0;
    },
    real: async ({ connection }) => ((await connection.run('promote', [])) as number) > 0,
  }),
  pause: kind({
    params: fc.constant(null),
    model: (model) => {
      model.isPaused = true;
    },
    real: ({ queue }) => queue.pause(),
  }),
  resume: kind({
    params: fc.constant(null),
    model: (model) => {
      model.isPaused = false;
    },
    real: ({ queue }) => queue.resume(),
  }),
  revive: kind({
    params: fc.uniqueArray(id, { minLength: 1, maxLength: 4 }),
    // One that lies somewhere still would lie there twice: it starts once all the same, but the model would have to tell the two apart.
    can: (model, ids) => !ids.some((id) => model.isTombstone(id)),
    model: (model, ids) => model.revive(ids),
    real: ({ queue }, ids) => queue.revive(ids),
  }),
  release: kind({
    params: id,
    model: (model, id) => {
      const job = model.jobs.get(id);
      // Who works or waits for its content answers for it until its end.
      if (job?.state === 'complete') model.release(job);
    },
    can: (model, id) => model.jobs.get(id)?.state === 'complete',
    real: ({ queue }, id) => queue.release(id),
  }),
  trim: kind({
    params: fc.constant(null),
    can: (model) => !model.hasTombstones,
    model: (model) => model.trim(),
    real: ({ queue }) => queue.trim(Date.now() + LONG_MS),
  }),
  clear: kind({
    params: fc.constant(null),
    can: (model) => !model.hasTombstones,
    model: (model) => model.clear(),
    real: async ({ queue }) => (await queue.clear()).removed,
  }),
  audit: kind({
    params: fc.constant(null),
    model: (model) => [...model.jobs.keys()].map(() => 'fine'),
    real: async ({ connection, redis, queue }, _, model) => {
      const workers = await redis.hkeys(queue.keys.workers);
      return connection.run('audit', [0, 'look', workers.length, ...workers, ...model.jobs.keys()]);
    },
  }),
  foreign: kind({
    params: fc.constant(null),
    can: (model) => model.list.length < 5,
    model: (model) => void model.list.push('{"not":1}'),
    real: async ({ redis, queue }) => void (await redis.rpush(queue.keys.list, '{"not":1}')),
  }),
} as const;

/** How often each kind of step is taken, beside the others. */
const weights: Partial<Record<keyof typeof kinds, number>> = {
  enqueue: 6,
  cycle: 12,
  register: 2,
  cancel: 3,
  trim: 1,
  clear: 1,
  pause: 1,
  resume: 2,
};

export const counter = { steps: 0 };

class Step implements fc.AsyncCommand<ModelQueue, RealQueue> {
  readonly name: string;
  readonly #kind: Kind<unknown>;
  readonly #params: unknown;

  constructor(name: string, given: Kind<unknown>, params: unknown) {
    this.name = name;
    this.#kind = given;
    this.#params = params;
  }

  check(model: Readonly<ModelQueue>): boolean {
    return this.#kind.can?.(model as ModelQueue, this.#params) ?? true;
  }

  async run(model: ModelQueue, real: RealQueue): Promise<void> {
    counter.steps++;
    const answer = await this.#kind.real(real, this.#params, model);
    deepStrictEqual(answer, this.#kind.model(model, this.#params), `the answer to ${this}`);
    await real.compare(model);
  }

  toString(): string {
    return `${this.name}(${JSON.stringify(this.#params)})`;
  }
}

export const steps = Object.entries(kinds).flatMap(([name, given]) => {
  const arbitrary = (given.params as fc.Arbitrary<unknown>).map((params) => new Step(name, given as Kind<unknown>, params));
  return Array.from({ length: weights[name as keyof typeof kinds] ?? 2 }, () => arbitrary);
});
