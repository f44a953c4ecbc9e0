import type { JobQueue, ServerWatch } from '@almanac/job-queue';
import { type App, Counter, Gauge } from '@almanac/service';

export type SubmittedCounter = Counter<'process' | 'cache'>;

/** How much waits, and the counter of what came. A store that is away leaves the last depth standing. */
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
  gauge('queue_depth', 'jobs that wait for a worker', () => jobs.depth());
  gauge('queue_foreign_elements', 'elements of the queue that were no jobs and are kept apart', () => jobs.lost());
  return new Counter({
    name: 'jobs_submitted_total',
    help: 'jobs accepted, by process and by whether an earlier job answers for them (hit) or not (miss)',
    labelNames: ['process', 'cache'],
    registers,
  });
}

/** Whether the store of the queue is set up to keep what it is given: 1 for each thing that is right, 0 for what is not; what it does not tell is left out. */
export function serverMetrics({ metrics }: App, server: Pick<ServerWatch, 'findings'>): void {
  new Gauge({
    name: 'queue_server_fine',
    help: 'whether the server of the queue is set up to keep what it is given, by what was looked at; 0: jobs may be lost',
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
