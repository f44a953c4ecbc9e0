import { auditDue, type JobQueue, violations, violationsOf } from '@almanac/job-queue';
import { type App, counter, type Logger } from '@almanac/service';
import type { Redis } from 'ioredis';
import type { Chore } from './housekeeping.ts';

const EVERY_MS = 10 * 60_000;

interface AuditsOptions {
  redis: Redis;
  jobs: Pick<JobQueue, 'queues'>;
  metrics: App['metrics'];
  logger: Pick<Logger, 'info' | 'error'>;
  everyMs?: number;
}

/** Checks regularly that every job is where its record says, and repairs what is not. One of the replicas does it. */
export function audits({ redis, jobs, metrics, logger, everyMs = EVERY_MS }: AuditsOptions): Chore {
  const done = counter(metrics, 'queue_audits_total');
  const found = counter(metrics, 'queue_audit_violations_total');
  return {
    name: 'audit of the queue',
    everyMs,
    async run() {
      for await (const { queue, audit } of auditDue(redis, jobs.queues, everyMs)) {
        const wrong = violationsOf(audit);
        done.inc({ queue });
        for (const violation of violations) found.inc({ queue, violation }, wrong[violation] ?? 0);
        if (Object.keys(wrong).length === 0) logger.info({ queue, jobs: audit.jobs }, 'queue audited');
        else logger.error({ queue, jobs: audit.jobs, ...wrong }, 'queue audit repaired misplaced jobs');
      }
    },
  };
}
