import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@almanac/testkit';
import type { Stage } from './stage.ts';

/** One thing that goes wrong: what, when, to whom, for how long. */
export interface Fault {
  kind: FaultKind;
  /** milliseconds from the beginning */
  at: number;
  /** which of those it can happen to, by number */
  whom: number;
  /** 0 to 1: how long, how much; each kind makes of it what it needs */
  much: number;
}

type Deed = (stage: Stage, fault: Fault) => Promise<void> | void;

/** What can be done to a queue and those who work at it. The letters are those of the fault plan. */
const deeds = {
  /** F1: a worker's process is killed and its parent says so */
  kill: (stage, { whom }) => stage.killWorker(whom, true),
  /** F1: a worker's process is killed and nobody says so, as when its machine is gone */
  vanish: (stage, { whom }) => stage.killWorker(whom, false),
  /** F3: a worker's process stands still until it is taken for dead, then goes on */
  sleep: (stage, { whom, much }) => stage.suspendWorker(whom, stage.lostAfterMs * (0.5 + 2 * much)),
  /** F5: the store is killed and starts again from its file */
  crash: async (stage, { much }) => {
    await stage.store.kill('SIGKILL');
    await sleep(500 * much);
    await stage.store.start();
  },
  /** F8: the network holds everything back, and then delivers it */
  freeze: async ({ proxy }, { much }) => {
    proxy.freeze();
    await sleep(6000 * much);
    proxy.heal();
  },
  /** F8 */
  slow: async ({ proxy }, { much }) => {
    proxy.slow(1 + 200 * much);
    await sleep(1500);
    proxy.heal();
  },
  /** F8: both ends are told */
  reset: ({ proxy }) => {
    for (const conduit of proxy.conduits) conduit.reset();
  },
  /** F8: the client is not told that its connection is gone */
  halfOpen: (stage, { whom }) => stage.conduit(whom)?.halfOpen(),
  /** F8: the store is not told that its client is gone, and serves it on */
  ghost: (stage, { whom }) => stage.conduit(whom)?.ghost(2000),
  /** F8: a connection passes a byte a second from now on */
  trickle: (stage, { whom }) => stage.conduit(whom)?.trickle(),
  /** F8: the next so many scripts are executed and their replies swallowed */
  swallow: ({ proxy }, { whom }) => proxy.watch(nextScripts(1 + (whom % 3), 'swallow', () => proxy.watch(undefined))),
  /** F8: a script does not arrive, though what was sent before it in the same write did */
  cut: ({ proxy }, { whom }) => proxy.watch(nextScripts(1 + (whom % 3), 'cut', () => proxy.watch(undefined))),
  /** F8: a script is executed when its client has given it up and gone */
  late: ({ proxy }) => proxy.watch(nextScripts(1, 'late', () => proxy.watch(undefined))),
  /** F14 */
  flush: async ({ redis }) => void (await redis.script('FLUSH')),
  /** F14 */
  disconnect: async ({ redis }) => void (await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
  /** F16 */
  pause: (stage, { much }) => stage.pause(1000 * much),
} as const satisfies Record<string, Deed>;
export type FaultKind = keyof typeof deeds;
export const faultKinds = Object.keys(deeds) as FaultKind[];

function nextScripts(many: number, judgement: 'swallow' | 'cut' | 'late', done: () => void) {
  let left = many;
  return ([command]: readonly string[]) => {
    if (command !== 'evalsha' || left === 0) return 'pass';
    if (--left === 0) done();
    return judgement;
  };
}

/** What will go wrong in a run: decided by the seed alone, so that the same seed is the same plan. */
export function planFaults(seed: number, durationMs: number, everyMs: number, kinds: readonly FaultKind[] = faultKinds): Fault[] {
  const random = new Random(seed);
  const faults: Fault[] = [];
  for (let at = everyMs; at < durationMs; at += everyMs * (0.5 + random.next())) {
    faults.push({ kind: random.pick(kinds), at, whom: random.integer(0, 1000), much: random.next() });
  }
  return faults;
}

/** Between two faults so many attempts are confirmed, that the second hits a queue at work. */
const WORK_BETWEEN = 10;
/** Longer is not waited for that: it may be the fault before that keeps them from it. */
const PATIENCE_MS = 10_000;

/**
 * Lets everything go wrong in the order of the plan, at its time or later: a machine that is busy with something else is given time to
 * work. Ends after `durationMs`. Faults of one kind do not overlap: a store that is down is not killed again.
 */
export async function unleash(stage: Stage, faults: readonly Fault[], durationMs: number): Promise<void> {
  const begun = performance.now();
  const busy = new Map<FaultKind, Promise<void>>();
  for (const fault of faults) {
    await sleep(Math.max(0, fault.at - (performance.now() - begun)));
    await stage.untilConfirmed(WORK_BETWEEN, PATIENCE_MS);
    if (performance.now() - begun > durationMs) break;
    stage.tell(`${fault.kind} ${fault.whom} ${fault.much.toFixed(2)}`);
    const before = busy.get(fault.kind);
    busy.set(fault.kind, doAfter(before, stage, fault));
  }
  await Promise.all(busy.values());
}

async function doAfter(before: Promise<void> | undefined, stage: Stage, fault: Fault): Promise<void> {
  const deed: Deed = deeds[fault.kind];
  await before;
  try {
    await deed(stage, fault);
  } catch {
    // What is done by way of a store that is away at this moment cannot be done.
  }
}
