// Everything that can go wrong goes wrong at once, by a plan that a seed decides: half a minute of each of two seeds.
// The same seed is the same plan of faults: CHAOS_SEED=<seed> runs that one again; ./almanac chaos runs for longer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anySeed } from '@almanac/testkit';
import { runCampaign } from './chaos/campaign.ts';

const DURATION_MS = 30_000;
const chosen = process.env.CHAOS_SEED;
const seeds = chosen === undefined ? [20_261_123, anySeed()] : [Number(chosen)];

for (const seed of seeds) {
  test(`F17, half a minute of it: faults of all kinds by the plan of seed ${seed}: nothing lost, nothing ended twice, nothing left over`, async (t) => {
    t.diagnostic(`seed ${seed}`);
    const { violations, ...counts } = await runCampaign({ seed, durationMs: DURATION_MS });
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(violations, []);
    assert.ok(counts.accepted > 300, `only ${counts.accepted} jobs`);
  });
}
