import { readdirSync, readFileSync } from 'node:fs';
import type { ServiceProcess } from './target.ts';

/** Resource use of one process during the run. */
export interface Usage {
  name: string;
  pid: number;
  hasEnded: boolean;
  /** resident memory in MB: before the attacks, at its peak, and after the rest */
  startMb: number;
  peakMb: number;
  endMb: number;
  /** the longest delay of the event loop, in milliseconds; -1: not measured */
  loopDelayMs: number;
}

const EVERY_MS = 1_000;

/** Samples memory, event loop delay and liveness of every process. */
export class Watch {
  readonly #usages: (Usage & { port: number | undefined })[];
  readonly #timer: NodeJS.Timeout;

  /** Reads the metrics, which resets the largest delay, so that the delay of the start does not count. */
  static async begin(services: readonly ServiceProcess[]): Promise<Watch> {
    await Promise.all(services.map(({ port }) => (port === undefined ? -1 : loopDelayMs(port))));
    return new Watch(services);
  }

  private constructor(services: readonly ServiceProcess[]) {
    this.#usages = services.map(({ name, pid, port }) => {
      const startMb = residentMb(pid) ?? 0;
      return { name, pid, port, hasEnded: false, startMb, peakMb: startMb, endMb: startMb, loopDelayMs: -1 };
    });
    this.#timer = setInterval(() => void this.sample(), EVERY_MS);
  }

  async sample(): Promise<void> {
    for (const usage of this.#usages) {
      const mb = residentMb(usage.pid);
      usage.hasEnded ||= mb === undefined;
      usage.endMb = mb ?? 0;
      usage.peakMb = Math.max(usage.peakMb, usage.endMb);
    }
    await Promise.all(
      this.#usages.map(async (usage) => {
        if (usage.port !== undefined) usage.loopDelayMs = Math.max(usage.loopDelayMs, await loopDelayMs(usage.port));
      }),
    );
  }

  /** Waits until every process is back within `isBack`, for at most `waitMs`. */
  async settle(isBack: (usage: Usage) => boolean, waitMs: number): Promise<void> {
    const until = performance.now() + waitMs;
    while (performance.now() < until && !this.usages.every(isBack)) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }

  get usages(): readonly Usage[] {
    return this.#usages;
  }

  stop(): readonly Usage[] {
    clearInterval(this.#timer);
    return this.#usages.map(({ port: _, ...usage }) => usage);
  }
}

/** Resident memory of a process and its children in MB; undefined if it does not run. */
function residentMb(pid: number): number | undefined {
  const own = statusOf(pid)?.kb;
  if (own === undefined) return undefined;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statusOf(Number(name)))
    .filter((status) => status?.parent === pid);
  return Math.round((own + children.reduce((sum, status) => sum + (status?.kb ?? 0), 0)) / 1024);
}

function statusOf(pid: number): { kb: number; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1];
    const parent = /^PPid:\s+(\d+)/m.exec(text)?.[1];
    return kb === undefined ? undefined : { kb: Number(kb), parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** The largest delay of the event loop since the metrics were last read, in milliseconds; -1: no response within 5 s. */
async function loopDelayMs(port: number): Promise<number> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const seconds = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)/m.exec(await response.text())?.[1];
    return seconds === undefined ? -1 : Math.round(Number(seconds) * 1000);
  } catch {
    return -1;
  }
}
