import { type Durability, durabilities } from '@almanac/job-queue';

/** The longest wait of one request. */
export const MAX_WAIT_SECONDS = 60;

/**
 * Seconds a caller prefers to wait (RFC 7240, `Prefer: respond-async, wait=10`), at most 60; 0 without the preference.
 * An invalid preference is ignored, as the RFC requires.
 */
export function waitSeconds(header: string | string[] | undefined): number {
  const seconds = preference(header, 'wait', /^\d{1,9}$/);
  return seconds === undefined ? 0 : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}

/** The durability that a caller prefers before its job is confirmed: `Prefer: durability=fsync`. */
export const preferredDurability = (header: string | string[] | undefined): Durability | undefined =>
  durabilities.find((one) => one === preference(header, 'durability', /^\w+$/));

function preference(header: string | string[] | undefined, name: string, form: RegExp): string | undefined {
  if (header === undefined) return undefined;
  for (const each of [header].flat().join(',').split(/[,;]/)) {
    const [key, value] = each.split('=').map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
    if (key?.toLowerCase() === name && value !== undefined && form.test(value)) return value;
  }
  return undefined;
}
