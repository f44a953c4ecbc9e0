import { ownChart } from '../../deploy/helm.ts';
import { waitForRollout } from '../../deploy/rollout.ts';
import { deployCommand } from '../almanac.ts';
import type { Bench } from '../bench.ts';
import { gather } from '../gather.ts';
import { type Findings, judgeControl } from '../judge.ts';
import type { Step } from '../step.ts';
import { describeLoad, underLoad } from '../under-load.ts';

const undrained = ['gateway', 'jobs', 'ingest', 'query'];

/** Nothing drained: neither the cluster nor callers get time to turn elsewhere. */
export const control: Step = {
  name: 'control',
  title: 'negative control: the same upgrades without preStop and without a drain, which must fail requests',
  needs: 'release',
  run: async (bench) => {
    await setDrain(bench, 0, 0);
    const services = undrained.filter((service) => bench.settings.services.includes(service));
    const parts: Record<string, Findings> = {};
    for (const service of services) {
      const { findings } = await underLoad(
        bench,
        `control ${service}`,
        () => [],
        () => upgradeAndBack(bench, service),
      );
      bench.voice.line(describeLoad(`${service} without a drain`, findings));
      parts[service] = findings;
    }
    await setDrain(bench, 5, 3);
    const all = gather(parts);
    // Lost jobs and unanswered loads are what a missing drain may do; that some request failed is what is asked here.
    return { figures: all.figures, wrong: judgeControl({ failed: Number(all.figures.failedRequests) }) };
  },
};

async function upgradeAndBack(bench: Bench, service: string): Promise<void> {
  await deployCommand(bench, 'upgrade', service, '--tag', bench.settings.tags[1], '--no-smoke');
  await deployCommand(bench, 'upgrade', service, '--tag', bench.settings.tags[0], '--no-smoke');
}

async function setDrain(bench: Bench, preStop: number, drain: number): Promise<void> {
  const values = [`defaults.preStopSeconds=${preStop}`, `defaults.drainSeconds=${drain}`].flatMap((value) => ['--set', value]);
  await (await bench.helm()).run(['upgrade', bench.settings.release, ownChart, '--reset-then-reuse-values', ...values]);
  await waitForRollout(bench.cluster, { voice: bench.quiet, timeoutMs: 300_000 });
}
