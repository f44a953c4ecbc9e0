import type { Durability } from '../../src/index.ts';

interface Settings {
  /** of the store, or of the proxy before it */
  port: number;
  queue: string;
  /** the file all write their history to */
  history: string;
  lostAfterMs: number;
}

export interface WorkerSettings extends Settings {
  concurrency: number;
  reuseForMs: number;
}

export interface ProducerSettings extends Settings {
  name: string;
  seed: number;
  /** jobs a second, as far as the store goes along */
  rate: number;
  /** a job counts as accepted when it is this durable */
  durability: Durability;
  /** only plain jobs that succeed */
  isPlain: boolean;
}

/** The payload of a job: what its handler is to do. */
export interface Task {
  /** how long it takes */
  ms: number;
  /** how many attempts fail */
  failures: number;
  /** how often it tells its progress */
  notes: number;
  /** it blocks its whole process this long first: milliseconds, in the first attempt */
  blocks: number;
  /** it kills its worker */
  exits: boolean;
}

export const plainTask: Task = { ms: 0, failures: 0, notes: 0, blocks: 0, exits: false };
