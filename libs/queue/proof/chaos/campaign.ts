import type { Verdict } from './check.ts';
import { planFaults, unleash } from './nemesis.ts';
import { Stage, type StageOptions } from './stage.ts';

export interface Campaign {
  seed: number;
  /** how long things go wrong; what is open then is worked off in peace and judged */
  durationMs: number;
  /** one fault in so many milliseconds */
  everyMs?: number;
  stage?: Partial<StageOptions>;
  /** called when all is at work, before the first fault */
  onStart?: (stage: Stage) => void;
}

const usual = { workers: 4, concurrency: 4, producers: 2, rate: 80, lostAfterMs: 1500 };

/** Everything that can go wrong goes wrong, by a plan that the seed decides; then all is judged. */
export async function runCampaign({ seed, durationMs, everyMs = 500, stage: options, onStart }: Campaign): Promise<Verdict> {
  const stage = await Stage.start({ seed, ...usual, ...options });
  try {
    await stage.atWork();
    onStart?.(stage);
    await unleash(stage, planFaults(seed, durationMs, everyMs), durationMs);
    return await stage.judge();
  } finally {
    await stage.end();
  }
}
