/** Defaults: a worker is dead after this time without a heartbeat; a job survives this many crashes of its workers. */
export const LOST_AFTER_MS = 10_000;
export const MAX_CRASHES = 3;

const PREFIX = 'lease';

/** The id of a worker that has to renew its lease within `leaseMs`. `unique` must never be used again. */
export const leaseName = (leaseMs: number, unique: string): string => `${PREFIX}${Math.round(leaseMs)}-${unique}`;

/** The duration of a lease, in milliseconds, by its worker id; undefined for a worker that sends heartbeats. */
export function leaseOf(worker: string): number | undefined {
  const ms = new RegExp(`^${PREFIX}(\\d+)-`).exec(worker)?.[1];
  return ms === undefined ? undefined : Number(ms);
}
