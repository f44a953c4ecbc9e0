import type { QueueRecord } from './record.ts';
import type { HeldJob } from './worker-options.ts';

/** A job from its start until the store has confirmed its end, as its handler sees it. */
export class Holding implements HeldJob {
  readonly record: QueueRecord;
  readonly progress: HeldJob['progress'];
  #abort: AbortController | undefined;

  constructor(record: QueueRecord, note: (held: Holding, percent: number, stage: string) => Promise<boolean>) {
    this.record = record;
    this.progress = (percent, stage) => note(this, percent, stage);
  }

  get id(): string {
    return this.record.id;
  }

  get token(): string {
    return this.record.token;
  }

  get payload(): string {
    return this.record.payload;
  }

  get attempt(): number {
    return this.record.attempts;
  }

  /** Made when it is asked for: most handlers do not look. */
  get signal(): AbortSignal {
    return this.#controller().signal;
  }

  /** Tells the handler to end; the first reason stays. */
  abort(reason: Error): void {
    this.#controller().abort(reason);
  }

  /** Why the handler was told to end, if it was. */
  get reason(): unknown {
    return this.#abort?.signal.reason;
  }

  #controller(): AbortController {
    this.#abort ??= new AbortController();
    return this.#abort;
  }
}
