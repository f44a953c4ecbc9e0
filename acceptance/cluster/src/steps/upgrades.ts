import { componentOf } from '@almanac/tools/deploy/progress.ts';
import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { deployCommand } from '../almanac.ts';
import { gather } from '../gather.ts';
import { type Findings, judgeFaultless } from '../judge.ts';
import { deletePod } from '../kubernetes/disturb.ts';
import { podsOf, untilReplaced } from '../kubernetes/lives.ts';
import type { Step } from '../step.ts';
import { tagNow } from '../tag-now.ts';
import type { Testbed } from '../testbed.ts';
import { describeLoad, underLoad } from '../under-load.ts';

export const upgrades: Step = {
  name: 'upgrades',
  title: 'each service upgraded, rolled back and deleted pod by pod under load: no failed request, no lost job',
  needs: 'release',
  run: async (testbed) => {
    const parts: Record<string, Findings> = {};
    for (const service of testbed.settings.services) {
      const tag = await otherTag(testbed, service);
      const actions: Record<string, () => Promise<string[]>> = {
        upgrade: () => changed(testbed, service, ['upgrade', service, '--tag', tag]),
        rollback: () => changed(testbed, service, ['rollback', service]),
        'pods deleted': () => deleteEach(testbed, service),
      };
      for (const [what, action] of Object.entries(actions)) {
        const name = `${service} ${what}`;
        const { result, findings } = await underLoad(testbed, name, judgeFaultless, action);
        const all = { ...findings, wrong: [...findings.wrong, ...result] };
        testbed.out.line(describeLoad(name, all));
        parts[name] = all;
      }
    }
    return gather(parts);
  },
};

/** Returns the tag that the service does not run: an earlier run may have been interrupted. */
async function otherTag(testbed: Testbed, service: string): Promise<string> {
  const [first, second] = testbed.settings.tags;
  return (await tagNow(testbed, service)) === second ? first : second;
}

/** Runs the command. Returns what is wrong: its failure, or another Deployment that changed too. */
async function changed(testbed: Testbed, service: string, words: string[]): Promise<string[]> {
  const before = await generations(testbed);
  const { code, output } = await deployCommand(testbed, ...words);
  const after = await generations(testbed);
  const others = Object.keys(after).filter((name) => after[name] !== before[name] && name !== service);
  return [
    ...(code === 0 ? [] : [`deploy ${words.join(' ')} exited with ${code}: ${output}`]),
    ...(after[service] === before[service] ? [`${service} was not changed`] : []),
    ...(others.length === 0 ? [] : [`${others.join(', ')} changed too`]),
  ];
}

async function generations(testbed: Testbed): Promise<Record<string, number>> {
  const workloads = await testbed.cluster.workloads();
  return Object.fromEntries(workloads.map((workload) => [componentOf(workload), workload.metadata?.generation ?? 0]));
}

/** Deletes the pods one after another, each after the one before is replaced and available. */
async function deleteEach(testbed: Testbed, service: string): Promise<string[]> {
  const { cluster } = testbed;
  const pods = await podsOf(cluster, service);
  for (const pod of pods) {
    await deletePod(cluster, pod.metadata?.name as string);
    await untilReplaced(cluster, service, pod, pods.length);
    await waitForRollout(cluster, { out: testbed.quiet, timeoutMs: 180_000, only: [service] });
  }
  return pods.length === 2 ? [] : [`${service} had ${pods.length} pods, expected 2`];
}
