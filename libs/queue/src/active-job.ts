import type { QueueRecord } from './record.ts';
import type { HeldJob } from './worker-options.ts';

/** A job of this worker, from its start until the store has confirmed its end. Its handler gets it as a HeldJob. */
export class ActiveJob implements HeldJob {
  readonly record: QueueRecord;
  readonly progress: HeldJob['progress'];
  #abort: AbortController | undefined;

  constructor(record: QueueRecord, setProgress: (job: ActiveJob, percent: number, stage: string) => Promise<boolean>) {
    this.record = record;
    this.progress = (percent, stage) => setProgress(this, percent, stage);
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

  /** Created at first use: most handlers do not need it. */
  get signal(): AbortSignal {
    return this.#controller().signal;
  }

  /** Aborts the signal. Only the first reason counts. */
  abort(reason: Error): void {
    this.#controller().abort(reason);
  }

  /** Why the signal was aborted; undefined if it was not. */
  get abortReason(): unknown {
    return this.#abort?.signal.reason;
  }

  #controller(): AbortController {
    this.#abort ??= new AbortController();
    return this.#abort;
  }
}
