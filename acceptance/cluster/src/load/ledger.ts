import type { FailedRequest, LoadReport, SubmittedJob, WrittenSet } from './report.ts';

/** How many failures are kept in full; all are counted. */
const KEPT = 500;

/** Records what the clients observe. */
export class Ledger {
  readonly jobs: SubmittedJob[] = [];
  readonly sets: WrittenSet[] = [];
  readonly #from = Date.now();
  readonly #byKind = new Map<string, number>();
  readonly #latencies: number[] = [];
  readonly #failures: FailedRequest[] = [];
  #failed = 0;
  #lastSuccess = performance.now();
  #longestGapMs = 0;

  count(kind: string): void {
    this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
  }

  succeeded(ms: number): void {
    const now = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastSuccess);
    this.#lastSuccess = now;
    this.#latencies.push(ms);
  }

  failed(failure: FailedRequest): void {
    this.#failed++;
    if (this.#failures.length < KEPT) this.#failures.push(failure);
  }

  get report(): LoadReport {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
    const byKind = Object.fromEntries([...this.#byKind].sort(([a], [b]) => a.localeCompare(b)));
    return {
      from: new Date(this.#from).toISOString(),
      to: new Date().toISOString(),
      requests: Object.values(byKind).reduce((sum, n) => sum + n, 0),
      byKind,
      failed: this.#failed,
      failures: this.#failures,
      latencyMs: { p50: at(0.5), p99: at(0.99), longest: at(1) },
      longestGapMs: Math.round(Math.max(this.#longestGapMs, performance.now() - this.#lastSuccess)),
      jobs: this.jobs,
      sets: this.sets,
    };
  }
}
