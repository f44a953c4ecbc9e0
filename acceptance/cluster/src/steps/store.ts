import { COMPONENT } from '@almanac/tools/deploy/progress.ts';
import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { Failure } from '@almanac/tools/system/failure.ts';
import { judgeHonest } from '../judge.ts';
import { deletePod } from '../kubernetes/disturb.ts';
import { lifeOf, podsOf, untilReplaced } from '../kubernetes/lives.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';
import { describeLoad, underLoad } from '../under-load.ts';

export const store: Step = {
  name: 'store',
  title: 'the pod of the store deleted under load: 503 with Retry-After meanwhile, no acknowledged data is lost, no other pod restarts',
  needs: 'release',
  run: async (testbed) => {
    const before = await lives(testbed);
    const { report, result, findings } = await underLoad(testbed, 'store', judgeHonest, () => deleteStore(testbed));
    const after = await lives(testbed);
    const restarted = Object.keys(before).filter((pod) => before[pod] !== after[pod]);
    if (restarted.length > 0) findings.wrong.push(`other pods were restarted: ${restarted.join(', ')}`);
    const failures = report.failures.map(({ at, ms }) => Date.parse(at) + ms);
    const recovery = failures.length === 0 ? 0 : (Math.max(...failures) - result.at) / 1000;
    Object.assign(findings.figures, { storeReadySeconds: result.readySeconds, recoverySeconds: Math.round(recovery * 10) / 10 });
    testbed.out.line(describeLoad('store', findings));
    testbed.out.line(`  ready again after ${result.readySeconds} s, the last failed request ${recovery.toFixed(1)} s after the deletion`);
    return findings;
  },
};

async function deleteStore(testbed: Testbed): Promise<{ at: number; readySeconds: number }> {
  const { cluster } = testbed;
  const [pod] = await podsOf(cluster, 'redis');
  if (pod === undefined) throw new Failure('the release has no store');
  const at = Date.now();
  await deletePod(cluster, pod.metadata?.name as string);
  await untilReplaced(cluster, 'redis', pod, 1);
  const readySeconds = Math.round((Date.now() - at) / 100) / 10;
  await waitForRollout(cluster, { out: testbed.quiet, timeoutMs: 180_000 });
  return { at, readySeconds };
}

/** Returns the current run of each pod, except those of the store. */
async function lives(testbed: Testbed): Promise<Record<string, string>> {
  const pods = (await testbed.cluster.pods()).filter(
    ({ metadata }) => !['redis', 'test', 'backup'].includes(metadata?.labels?.[COMPONENT] ?? ''),
  );
  return Object.fromEntries(pods.map((pod) => [pod.metadata?.name, lifeOf(pod)]));
}
