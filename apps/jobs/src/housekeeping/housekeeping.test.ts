import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startJobs } from '../testing.ts';
import { audits } from './audits.ts';
import { startHousekeeping } from './housekeeping.ts';
import { oldRecords } from './old-records.ts';

test('a chore is done again and again, also after it failed, and never twice at once', async (t) => {
  const warnings: object[] = [];
  const thrice = Promise.withResolvers<void>();
  let [begun, running, most] = [0, 0, 0];
  const run = async () => {
    most = Math.max(most, ++running);
    await sleep(12);
    running--;
    if (++begun === 1) throw new Error('away');
    if (begun > 2) thrice.resolve();
  };
  const logger = { warn: (fields: object) => void warnings.push(fields) };
  const housekeeping = startHousekeeping([{ name: 'sweeping', everyMs: 5, run }], logger as never);
  t.after(() => housekeeping.stop());
  await thrice.promise;
  assert.equal(most, 1);
  assert.equal(warnings.length, 1);
  assert.equal((warnings[0] as { chore: string }).chore, 'sweeping');
});

test('records are kept for as many days as asked', async () => {
  const ages: number[] = [];
  const trim = async (age: number) => ages.push(age);
  await oldRecords({ trim }, 30, { info: () => {} } as never).run();
  assert.deepEqual(ages, [30 * 86_400_000]);
});

test('an audit finds and mends what is not in its place, counts and tells it, and is one replica’s', async () => {
  const service = await startJobs();
  after(() => service.end());
  const redis = service.store.connect(1);
  const said: Record<string, unknown>[] = [];
  const hear = (fields: object, message: string) => void said.push({ ...fields, message });
  const chore = audits({
    redis,
    jobs: service.queue,
    metrics: service.app.metrics,
    logger: { info: hear, error: hear } as never,
    everyMs: 60_000,
  });
  await redis.zadd('{hotqueue:plot}:all', 1, 'nothing-of-that-name');
  await chore.run();
  assert.equal(said.length, 1);
  assert.equal(said[0]?.gone, 1);
  assert.match(String(said[0]?.message), /repaired misplaced jobs/);
  assert.equal(await redis.zcard('{hotqueue:plot}:all'), 0);
  await chore.run();
  assert.equal(said.length, 1, 'another replica, or the same, within the interval');
  await redis.del('{hotqueue:plot}:audited');
  await chore.run();
  assert.match(String(said[1]?.message), /queue audited/);
  const metrics = await service.app.metrics.metrics();
  assert.match(metrics, /^queue_audits_total\{queue="plot",service="jobs"\} 2$/m);
  assert.match(metrics, /^queue_audit_violations_total\{queue="plot",violation="gone",service="jobs"\} 1$/m);
  assert.match(metrics, /^queue_audit_violations_total\{queue="plot",violation="nowhere",service="jobs"\} 0$/m);
});
