import type { TestRedis } from '@almanac/testkit';

/** A job queue to measure, all with the same calls. Jobs are numbers; each is sent as some 90 bytes of JSON. */
export interface Side {
  name: string;
  open(store: TestRedis): Promise<OpenSide>;
  /** Returns a worker of the queue that was opened, in any process. */
  work(store: StoreAddress, concurrency: number, handle: (job: number) => unknown): Promise<Working>;
}

export type StoreAddress = Pick<TestRedis, 'url' | 'port'>;

export interface OpenSide {
  /** Accepts the jobs 0 to `count`, `batch` of them in one call. */
  fill(count: number, batch: number): Promise<void>;
  add(job: number, delayMs?: number): Promise<unknown>;
  work(concurrency: number, handle: (job: number) => unknown): Promise<Working>;
  /** Throws unless exactly these numbers of jobs are complete and waiting. */
  check(complete: number, waiting: number): Promise<void>;
  close(): Promise<void>;
}

/** A worker that is connected. */
export interface Working {
  /** the queue's id of this worker, if it has one */
  name?(): string | undefined;
  start(): void;
  /** Resolves when this number of jobs have ended and the store has confirmed each. */
  ended(count: number): Promise<void>;
  stop(): Promise<void>;
}

export const payloadOf = (job: number) => ({
  id: `00000000-0000-4000-8000-${String(job).padStart(12, '0')}`,
  start: '2001',
  end: '2011',
  job,
});

/** A promise, and the function that resolves it. */
export function signal(): { heard: Promise<void>; say: () => void } {
  let say = () => {};
  const heard = new Promise<void>((resolve) => {
    say = resolve;
  });
  return { heard, say };
}

export function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not delivered exactly: ${what}`);
}
