// Everything that can go wrong goes wrong at once, by a plan that a seed decides. A minute: ALMANAC_TEST_FAULTS=1.
// The same seed is the same plan of faults: CHAOS_SEED=<seed> runs that one again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFaults, unleash } from './chaos/nemesis.ts';
import { anySeed } from './chaos/random.ts';
import { Stage } from './chaos/stage.ts';

const skip = process.env.ALMANAC_TEST_FAULTS === '1' ? false : 'takes a minute of a quiet machine; set ALMANAC_TEST_FAULTS=1 to run it';
const DURATION_MS = 20_000;
const chosen = process.env.CHAOS_SEED;
const seeds = chosen === undefined ? [20_261_123, anySeed()] : [Number(chosen)];

for (const seed of seeds) {
  test(`faults of all kinds by the plan of seed ${seed}: nothing lost, nothing ended twice, nothing left over`, { skip }, async (t) => {
    t.diagnostic(`seed ${seed}`);
    const stage = await Stage.start({ seed, workers: 4, concurrency: 4, producers: 2, rate: 80, lostAfterMs: 1500 });
    t.after(() => stage.end());
    await unleash(stage, planFaults(seed, DURATION_MS, 500));
    const { violations, ...counts } = await stage.judge();
    t.diagnostic(`${JSON.stringify(counts)}, ${stage.watch.looks} looks at the whole`);
    assert.deepEqual(violations, []);
    assert.ok(counts.accepted > 300, `only ${counts.accepted} jobs`);
  });
}
