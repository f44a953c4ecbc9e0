import type { TestRedis } from '@almanac/testkit';
import { bullmq } from '../peers/bullmq.ts';
import { RawRedis } from '../peers/raw-redis.ts';
import { median, type Row, ratioOf } from '../table.ts';
import { ours } from './ours.ts';
import type { OpenSide, Side } from './side.ts';

/** Figures, a round each, by what was measured and whose it is. */
export type Figures = Map<string, number[]>;
export type Note = (what: string, value: number) => void;
export type Scenario = (bench: Bench) => Promise<Row[]>;

export const sides = [ours, bullmq] as const;

/** A store, and rounds in which every side has its turn. */
export class Bench {
  readonly store: TestRedis;
  readonly storeOptions: readonly string[];
  readonly rounds: number;
  readonly withMillion: boolean;
  readonly raw: RawRedis;

  /** @param storeOptions what the store was started with, for a scenario that needs another like it */
  constructor(store: TestRedis, storeOptions: readonly string[], rounds: number, withMillion: boolean) {
    this.store = store;
    this.storeOptions = storeOptions;
    this.rounds = rounds;
    this.withMillion = withMillion;
    this.raw = new RawRedis(store);
  }

  /** One round more than is counted: the first warms everyone. */
  async alternate(round: (note: (what: string, value: number) => void) => Promise<void>): Promise<Figures> {
    const figures: Figures = new Map();
    for (let i = 0; i <= this.rounds; i++) {
      await round((what, value) => {
        if (i > 0) figures.set(what, [...(figures.get(what) ?? []), value]);
      });
      await this.raw.empty();
    }
    return figures;
  }

  async on<T>(side: Side, measure: (open: OpenSide) => Promise<T>): Promise<T> {
    const open = await side.open(this.store);
    try {
      return await measure(open);
    } finally {
      await open.close();
    }
  }

  /** Bytes the store holds at this moment. */
  bytes(): Promise<number> {
    return usedBytes(this.store);
  }
}

export async function usedBytes(store: TestRedis): Promise<number> {
  const redis = store.connect(1);
  const info = await redis.info('memory');
  redis.disconnect();
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
}

/** How many of `count` things were done in a second. */
export async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (count * 1000) / (performance.now() - started);
}

export function notePercentiles(note: Note, name: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  note(`${name} p50`, median(sorted));
  note(`${name} p99`, sorted[Math.ceil(sorted.length * 0.99) - 1] as number);
}

const of = (figures: Figures, name: string): number[] => figures.get(name) as number[];

export function speed(id: string, what: string, figures: Figures, mine: string, theirs: string, peer: string, want?: string): Row {
  return {
    id,
    what,
    ours: `${median(of(figures, mine)).toFixed(0)}/s`,
    peer: `${median(of(figures, theirs)).toFixed(0)}/s: ${peer}`,
    ...ratioOf(of(figures, mine), of(figures, theirs)),
    ...(want === undefined ? {} : { want }),
  };
}

export function delay(id: string, what: string, figures: Figures, mine: string, theirs: string, peer: string, want?: string): Row {
  return {
    id,
    what,
    ours: `${median(of(figures, mine)).toFixed(2)} ms`,
    peer: `${median(of(figures, theirs)).toFixed(2)} ms: ${peer}`,
    ...ratioOf(of(figures, mine), of(figures, theirs)),
    ...(want === undefined ? {} : { want }),
  };
}

export function amount(id: string, what: string, figures: Figures, of_: string, unit: string, want?: string): Row {
  const [mine, theirs] = [of(figures, `ours ${of_}`), of(figures, `BullMQ ${of_}`)];
  return {
    id,
    what,
    ours: `${median(mine).toFixed(0)} ${unit}`,
    peer: `${median(theirs).toFixed(0)} ${unit}: BullMQ`,
    ...ratioOf(mine, theirs),
    ...(want === undefined ? {} : { want }),
  };
}
