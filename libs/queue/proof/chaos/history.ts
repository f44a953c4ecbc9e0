import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What happened to a job, as those who saw it wrote it down. Server times are the store's clock; tokens name attempts. */
export type Happening =
  /** a producer is about to ask; whether the job exists is not known until it is accepted */
  | { what: 'offered'; id: string; producer: string; delayMs: number; hash: string; isUrgent: boolean }
  /** the reply came: from now on the job must not be lost */
  | { what: 'accepted'; id: string; as: string; created: number }
  /** a handler began */
  | { what: 'started'; id: string; token: string; started: number }
  /** a handler is through and the queue will be told: s, f, c, or r (again later) */
  | { what: 'ended'; id: string; token: string; outcome: string }
  /** the queue took that end for the job's */
  | { what: 'confirmed'; id: string; token: string; outcome: string }
  /** the answer to a request to cancel, and the store's clock right after it */
  | { what: 'cancelled'; id: string; state: string; server: number }
  /** nothing may start between these two server times: taken after the one reply and before the other request */
  | { what: 'paused'; from: number; to: number }
  | { what: 'fault'; fault: string };
export type Event = { at: number } & Happening;

/** Milliseconds of a clock that never jumps and that all processes of one machine share. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/**
 * A file that many processes append to, a line for each event in one write, so that a process killed at any moment leaves what it had
 * written until then and no half line.
 */
export class History {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(happening: Happening): void {
    writeSync(this.#file, `${JSON.stringify({ at: monotonicMs(), ...happening })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads events in the order they were written. */
export async function* readHistory(path: string): AsyncGenerator<Event> {
  for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line) as Event;
}
