// Thousands of random steps, each compared with a model of the queue in memory, in everything the store keeps.
// A failure prints the shortest steps that lead to it, and a seed: MODEL_SEED=<seed> takes the same steps again.
import { test } from 'node:test';
import { startTestRedis } from '@almanac/testkit';
import fc from 'fast-check';
import { counter, steps } from './model/commands.ts';
import { ModelQueue } from './model/model.ts';
import { RealQueue } from './model/real.ts';

const chosen = process.env.MODEL_SEED;
const seconds = Number(process.env.MODEL_SECONDS ?? 25);

test('the scripts do what the model says, whatever the order of events', async (t) => {
  const store = await startTestRedis();
  t.after(() => store.end());
  const redis = store.connect(1);
  let n = 0;
  const property = fc.asyncProperty(fc.commands(steps, { maxCommands: 120, size: 'max' }), async (commands) => {
    const real = new RealQueue(redis, `model${++n}`);
    await fc.asyncModelRun(() => ({ model: new ModelQueue(), real }), commands);
    await redis.flushdb();
  });
  await fc.assert(property, {
    numRuns: 500,
    interruptAfterTimeLimit: 1000 * seconds,
    ...(chosen === undefined ? {} : { seed: Number(chosen) }),
  });
  t.diagnostic(`${counter.steps} steps in ${n} runs`);
});
