import type { TestRedis } from '@almanac/testkit';

/** A job queue that is measured: the same is asked of every one. Jobs are numbers; each travels as some 90 bytes of JSON. */
export interface Side {
  name: string;
  open(store: TestRedis): Promise<OpenSide>;
  /** A worker of what was opened, in whichever process. */
  work(store: StoreAddress, concurrency: number, handle: (job: number) => unknown): Promise<Working>;
}

export type StoreAddress = Pick<TestRedis, 'url' | 'port'>;

export interface OpenSide {
  /** Accepts the jobs 0 to `count`, so many in one call. */
  fill(count: number, batch: number): Promise<void>;
  add(job: number, delayMs?: number): Promise<unknown>;
  work(concurrency: number, handle: (job: number) => unknown): Promise<Working>;
  /** Throws unless all of so many jobs are where they should be, and nothing else is. */
  check(complete: number, waiting: number): Promise<void>;
  close(): Promise<void>;
}

/** A worker that is connected. */
export interface Working {
  /** what the queue calls this worker, where it has a name for it */
  name?(): string | undefined;
  start(): void;
  /** Resolves when so many jobs have ended and the store has heard of every one. */
  ended(count: number): Promise<void>;
  stop(): Promise<void>;
}

export const payloadOf = (job: number) => ({
  id: `00000000-0000-4000-8000-${String(job).padStart(12, '0')}`,
  start: '2001',
  end: '2011',
  job,
});

/** A promise and who resolves it. */
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
