import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

/** The minimum and maximum resident memory that the fixture reports, in MB. */
async function leastOf(options: readonly string[], isEnough: (now: number, before: number, most: number) => boolean) {
  const child = spawn(process.execPath, [...options, join(import.meta.dirname, 'fixtures/garbage.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let least = { before: 0, most: 0, now: Number.POSITIVE_INFINITY };
  for await (const line of createInterface({ input: child.stdout })) {
    const seen = JSON.parse(line) as typeof least;
    if (seen.now < least.now) least = seen;
    if (isEnough(least.now, least.before, least.most)) break;
  }
  child.kill();
  return least;
}

test('an idle process returns memory after a burst', async () => {
  const { before, most, now } = await leastOf(['--expose-gc'], (now, before) => now < before + 40);
  assert.ok(most > before + 120, `the burst took ${most - before} MB`);
  assert.ok(now < before + 40, `${before} MB before, ${most} MB at most, ${now} MB after`);
});
