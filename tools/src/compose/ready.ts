import { setTimeout as sleep } from 'node:timers/promises';

/** Paths that return 200 only if the gateway, each service and the store work. */
const paths = ['/readyz', '/v1/datasets', '/v1/jobs'];

/** Returns what is not ready, or undefined. It does not use compose's health checks: podman without systemd never runs them. */
export async function missingAt(url: string): Promise<string | undefined> {
  for (const path of paths) {
    try {
      const response = await fetch(url + path, { signal: AbortSignal.timeout(3_000) });
      if (!response.ok) return `${path} returned ${response.status}`;
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      return `${path}: ${cause?.code ?? (error as Error).message}`;
    }
  }
  return undefined;
}

/** Polls until everything is ready. Returns what is not ready when the time is over. */
export async function waitUntilReady(url: string, withinMs: number, onMissing: (missing: string) => void): Promise<string | undefined> {
  for (const until = Date.now() + withinMs; ; await sleep(250)) {
    const missing = await missingAt(url);
    if (missing === undefined || Date.now() > until) return missing;
    onMissing(missing);
  }
}
