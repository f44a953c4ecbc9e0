import { setTimeout as sleep } from 'node:timers/promises';
import { judgeFaultless } from '../judge.ts';
import { resources } from '../resources.ts';
import type { Step } from '../step.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** What fails while nothing is changed is the network's or the generator's: the later steps would count it as an upgrade's. */
export const baseline: Step = {
  name: 'baseline',
  title: 'the constant load without a rollout',
  needs: 'release',
  run: async (bench) => {
    const { result, findings } = await underLoad(bench, 'baseline', judgeFaultless, async () => {
      await sleep(bench.settings.baselineSeconds * 1000);
      return await resources(bench, 'load');
    });
    bench.out.line(describeLoad('baseline', findings));
    return { figures: { ...findings.figures, ...result }, wrong: findings.wrong };
  },
};
