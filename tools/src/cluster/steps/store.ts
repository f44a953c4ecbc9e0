import { deletePod } from '../../deploy/disturb.ts';
import { lifeOf, podsOf, untilReplaced } from '../../deploy/lives.ts';
import { COMPONENT } from '../../deploy/progress.ts';
import { waitForRollout } from '../../deploy/rollout.ts';
import { Failure } from '../../system/failure.ts';
import type { Bench } from '../bench.ts';
import { judgeHonest } from '../judge.ts';
import type { Step } from '../step.ts';
import { describeLoad, underLoad } from '../under-load.ts';

export const store: Step = {
  name: 'store',
  title: "the store's pod deleted under load: 503 with Retry-After meanwhile, nothing acknowledged is lost, nothing else starts anew",
  needs: 'release',
  run: async (bench) => {
    const before = await lives(bench);
    const { report, result, findings } = await underLoad(bench, 'store', judgeHonest, () => deleteStore(bench));
    const after = await lives(bench);
    const restarted = Object.keys(before).filter((pod) => before[pod] !== after[pod]);
    if (restarted.length > 0) findings.wrong.push(`other pods were started anew: ${restarted.join(', ')}`);
    const failures = report.failures.map(({ at, ms }) => Date.parse(at) + ms);
    const recovery = failures.length === 0 ? 0 : (Math.max(...failures) - result.at) / 1000;
    Object.assign(findings.figures, { storeReadySeconds: result.readySeconds, recoverySeconds: Math.round(recovery * 10) / 10 });
    bench.out.line(describeLoad('store', findings));
    bench.out.line(`  ready again after ${result.readySeconds} s, the last failed request ${recovery.toFixed(1)} s after the deletion`);
    return findings;
  },
};

async function deleteStore(bench: Bench): Promise<{ at: number; readySeconds: number }> {
  const { cluster } = bench;
  const [pod] = await podsOf(cluster, 'redis');
  if (pod === undefined) throw new Failure('the release has no store of its own');
  const at = Date.now();
  await deletePod(cluster, pod.metadata?.name as string);
  await untilReplaced(cluster, 'redis', pod, 1);
  const readySeconds = Math.round((Date.now() - at) / 100) / 10;
  await waitForRollout(cluster, { out: bench.quiet, timeoutMs: 180_000 });
  return { at, readySeconds };
}

/** Which life each pod is in, the store's left out. */
async function lives(bench: Bench): Promise<Record<string, string>> {
  const pods = (await bench.cluster.pods()).filter(
    ({ metadata }) => !['redis', 'test', 'backup'].includes(metadata?.labels?.[COMPONENT] ?? ''),
  );
  return Object.fromEntries(pods.map((pod) => [pod.metadata?.name, lifeOf(pod)]));
}
