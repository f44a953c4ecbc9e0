import type { JobQueue, ServerWatch } from '@almanac/job-queue';
import { type App, Counter, Gauge } from '@almanac/service';

export type SubmittedCounter = Counter<'process' | 'cache'>;

/** Registers the metrics of the queue and returns the counter of submissions. If the store is unavailable, gauges keep their last value. */
export function queueMetrics({ metrics }: App, jobs: Pick<JobQueue, 'depth' | 'lost'>): SubmittedCounter {
  const registers = [metrics];
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const value = await read().catch(() => undefined);
        if (value !== undefined) this.set(value);
      },
    });
  gauge('queue_depth', 'waiting jobs', () => jobs.depth());
  gauge('queue_foreign_elements', 'elements of the queue that are not ids of jobs and were set aside', () => jobs.lost());
  return new Counter({
    name: 'jobs_submitted_total',
    help: 'accepted jobs, by process and by whether an earlier job has their results (hit) or not (miss)',
    labelNames: ['process', 'cache'],
    registers,
  });
}

/** Registers a gauge for each durability setting of the queue's Redis. A setting that Redis does not report is left out. */
export function serverMetrics({ metrics }: App, server: Pick<ServerWatch, 'findings'>): void {
  new Gauge({
    name: 'queue_server_fine',
    help: '1 if this durability setting of the queue store is safe, 0 if jobs may be lost',
    labelNames: ['setting'],
    registers: [metrics],
    async collect() {
      const findings = await server.findings().catch(() => undefined);
      if (findings === undefined) return;
      this.reset();
      for (const { name, isFine } of findings) if (isFine !== undefined) this.set({ setting: name }, isFine ? 1 : 0);
    },
  });
}
