import { type Audit, Auditor } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';

/** A tenth of the time: an audit of 100,000 jobs then takes a few milliseconds of the server's time per second. */
const SHARE = 0.1;

/** Audits and repairs the queues that no process audited within `everyMs`, one after the other. */
export async function* auditDue(redis: Redis, queues: readonly string[], everyMs: number): AsyncGenerator<{ queue: string; audit: Audit }> {
  for (const queue of queues) {
    const audit = await new Auditor(redis, queue).auditIfDue(everyMs, { share: SHARE });
    if (audit !== undefined) yield { queue, audit };
  }
}
