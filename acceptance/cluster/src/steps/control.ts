import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { gather } from '../gather.ts';
import { type Findings, judgeControl } from '../judge.ts';
import { type Drain, restartPods, setDrain } from '../kubernetes/disturb.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';
import { describeLoad, underLoad } from '../under-load.ts';

const undrained = ['gateway', 'jobs', 'ingest', 'query'];

/** Without a drain, neither the cluster nor clients have time to use other pods. The chart rejects such values, so the Deployment is patched. */
export const control: Step = {
  name: 'control',
  title: 'negative control: rollouts without preStop and without a drain, which must fail requests',
  needs: 'release',
  run: async (testbed) => {
    const parts: Record<string, Findings> = {};
    for (const service of undrained.filter((service) => testbed.settings.services.includes(service))) {
      const before = await changeDrain(testbed, service, undefined);
      const { findings } = await underLoad(
        testbed,
        `control ${service}`,
        () => [],
        () => replaceTwice(testbed, service),
      );
      await changeDrain(testbed, service, before);
      testbed.out.line(describeLoad(`${service} without a drain`, findings));
      parts[service] = findings;
    }
    const all = gather(parts);
    // Without a drain, jobs and loads may be lost. The control only requires that some request failed.
    return { figures: all.figures, wrong: judgeControl({ failed: Number(all.figures.failedRequests) }) };
  },
};

/** Two rollouts, as an upgrade and a rollback. */
async function replaceTwice(testbed: Testbed, service: string): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await restartPods(testbed.cluster, service);
    await waitForRollout(testbed.cluster, { out: testbed.quiet, timeoutMs: 180_000, only: [service] });
  }
}

async function changeDrain(testbed: Testbed, service: string, drain: Drain | undefined): Promise<Drain> {
  const before = await setDrain(testbed.cluster, service, drain);
  await waitForRollout(testbed.cluster, { out: testbed.quiet, timeoutMs: 180_000, only: [service] });
  return before;
}
