import type { JobQueue, ServerWatch } from '@almanac/job-queue';
import { type App, counter, gauge } from '@almanac/service';

export type SubmittedCounter = ReturnType<typeof queueMetrics>;

/** Adds the length of the queue to /metrics, and returns the counter of submissions. While Redis is unavailable the last length stays. */
export function queueMetrics({ metrics }: App, jobs: Pick<JobQueue, 'depth' | 'lost'>) {
  const lastKnown = (name: 'queue_depth' | 'queue_foreign_elements', read: () => Promise<number>) =>
    gauge(metrics, name, async function () {
      const value = await read().catch(() => undefined);
      if (value !== undefined) this.set(value);
    });
  lastKnown('queue_depth', () => jobs.depth());
  lastKnown('queue_foreign_elements', () => jobs.lost());
  return counter(metrics, 'jobs_submitted_total');
}

/** Adds the durability settings of the queue's Redis to /metrics: 1 if safe, 0 if not. Settings that it does not report are left out. */
export function serverMetrics({ metrics }: App, server: Pick<ServerWatch, 'findings'>): void {
  gauge(metrics, 'queue_server_fine', async function () {
    const findings = await server.findings().catch(() => undefined);
    if (findings === undefined) return;
    this.reset();
    for (const { name, isFine } of findings) if (isFine !== undefined) this.set({ setting: name }, isFine ? 1 : 0);
  });
}
