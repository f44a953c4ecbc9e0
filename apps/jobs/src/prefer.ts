/** The longest anybody may wait in one request. */
export const MAX_WAIT_SECONDS = 60;

/**
 * Seconds a caller prefers to wait (RFC 7240, `Prefer: respond-async, wait=10`), at most 60; 0 without the preference.
 * A preference that cannot be read is passed over, as that document asks.
 */
export function waitSeconds(header: string | string[] | undefined): number {
  for (const preference of [header ?? []].flat().join(',').split(/[,;]/)) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*$/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), MAX_WAIT_SECONDS);
  }
  return 0;
}
