import { setTimeout as sleep } from 'node:timers/promises';
import { judgeFaultless } from '../judge.ts';
import { resources } from '../resources.ts';
import type { Step } from '../step.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** Without changes, a failure is one of the network or the generator, which later steps would attribute to an upgrade. */
export const baseline: Step = {
  name: 'baseline',
  title: 'the constant load without a rollout',
  needs: 'release',
  run: async (testbed) => {
    const { result, findings } = await underLoad(testbed, 'baseline', judgeFaultless, async () => {
      await sleep(testbed.settings.baselineSeconds * 1000);
      return await resources(testbed, 'load');
    });
    testbed.out.line(describeLoad('baseline', findings));
    return { figures: { ...findings.figures, ...result }, wrong: findings.wrong };
  },
};
