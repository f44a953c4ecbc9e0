import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHousekeeping } from './housekeeping.ts';

test('old records are forgotten again and again, also after the store was away', async (t) => {
  const ages: number[] = [];
  const warnings: string[] = [];
  const twice = Promise.withResolvers<void>();
  const jobs = {
    trim: async (age: number) => {
      if (ages.push(age) === 1) throw new Error('away');
      if (ages.length > 2) twice.resolve();
      return 1;
    },
  };
  const logger = { info: () => {}, warn: (_: object, message: string) => void warnings.push(message) };
  const housekeeping = startHousekeeping(jobs, { recordDays: 30, everyMs: 5, logger: logger as never });
  t.after(() => housekeeping.stop());
  await twice.promise;
  assert.equal(ages[0], 30 * 86_400_000);
  assert.equal(warnings.length, 1);
});
