import { type Audit, Auditor } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';

/** A tenth of the time: an audit of 100,000 jobs then takes the server some milliseconds a second for a while. */
const SHARE = 0.1;

/** Audits and mends those of the queues that nobody audited within `everyMs`, one after the other. */
export async function* auditDue(redis: Redis, queues: readonly string[], everyMs: number): AsyncGenerator<{ queue: string; audit: Audit }> {
  for (const queue of queues) {
    const audit = await new Auditor(redis, queue).auditIfDue(everyMs, { share: SHARE });
    if (audit !== undefined) yield { queue, audit };
  }
}
