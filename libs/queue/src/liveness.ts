/** Defaults of liveness: a worker whose beat stands still this long is dead; a job may outlive this many of its workers. */
export const LOST_AFTER_MS = 10_000;
export const MAX_CRASHES = 3;

const PREFIX = 'lease';

/** A name for a worker that promises to be silent no longer than `leaseMs`; `unique` is never used again. */
export const leaseName = (leaseMs: number, unique: string): string => `${PREFIX}${Math.round(leaseMs)}-${unique}`;

/** How long the holder of this name may be silent, for one that said so when it took its job; undefined for a worker that beats. */
export function leaseOf(worker: string): number | undefined {
  const ms = new RegExp(`^${PREFIX}(\\d+)-`).exec(worker)?.[1];
  return ms === undefined ? undefined : Number(ms);
}
