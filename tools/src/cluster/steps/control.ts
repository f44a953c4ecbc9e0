import { type Drain, setDrain, startAnew } from '../../deploy/disturb.ts';
import { waitForRollout } from '../../deploy/rollout.ts';
import type { Bench } from '../bench.ts';
import { gather } from '../gather.ts';
import { type Findings, judgeControl } from '../judge.ts';
import type { Step } from '../step.ts';
import { describeLoad, underLoad } from '../under-load.ts';

const undrained = ['gateway', 'jobs', 'ingest', 'query'];

/** Nothing drained: neither the cluster nor callers get time to turn elsewhere. The chart refuses such values, so it is done behind its back. */
export const control: Step = {
  name: 'control',
  title: 'negative control: rollouts without preStop and without a drain, which must fail requests',
  needs: 'release',
  run: async (bench) => {
    const parts: Record<string, Findings> = {};
    for (const service of undrained.filter((service) => bench.settings.services.includes(service))) {
      const before = await changeDrain(bench, service, undefined);
      const { findings } = await underLoad(
        bench,
        `control ${service}`,
        () => [],
        () => replaceTwice(bench, service),
      );
      await changeDrain(bench, service, before);
      bench.out.line(describeLoad(`${service} without a drain`, findings));
      parts[service] = findings;
    }
    const all = gather(parts);
    // Lost jobs and unanswered loads are what a missing drain may do; that some request failed is what is asked here.
    return { figures: all.figures, wrong: judgeControl({ failed: Number(all.figures.failedRequests) }) };
  },
};

/** Two rollouts, as an upgrade and a rollback. */
async function replaceTwice(bench: Bench, service: string): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await startAnew(bench.cluster, service);
    await waitForRollout(bench.cluster, { out: bench.quiet, timeoutMs: 180_000, only: [service] });
  }
}

async function changeDrain(bench: Bench, service: string, drain: Drain | undefined): Promise<Drain> {
  const before = await setDrain(bench.cluster, service, drain);
  await waitForRollout(bench.cluster, { out: bench.quiet, timeoutMs: 180_000, only: [service] });
  return before;
}
