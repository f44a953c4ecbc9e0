import { setTimeout as sleep } from 'node:timers/promises';

/** Paths that are answered with 200 only when the door, each service behind it and the store work. */
const paths = ['/readyz', '/v1/datasets', '/v1/jobs'];

/** What is not there yet, or undefined when all is. Not compose's health checks: podman without systemd never runs them. */
export async function missingAt(url: string): Promise<string | undefined> {
  for (const path of paths) {
    try {
      const answer = await fetch(url + path, { signal: AbortSignal.timeout(3_000) });
      if (!answer.ok) return `${path} answers ${answer.status}`;
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      return `${path}: ${cause?.code ?? (error as Error).message}`;
    }
  }
  return undefined;
}

/** Polls until all is there. Returns what is missing when the time is over. */
export async function waitUntilReady(url: string, withinMs: number, onMissing: (missing: string) => void): Promise<string | undefined> {
  for (const until = Date.now() + withinMs; ; await sleep(250)) {
    const missing = await missingAt(url);
    if (missing === undefined || Date.now() > until) return missing;
    onMissing(missing);
  }
}
