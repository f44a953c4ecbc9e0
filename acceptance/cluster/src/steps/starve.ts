import { setTimeout as sleep } from 'node:timers/promises';
import { deployCommand } from '../almanac.ts';
import { judgeHonest, notTried } from '../judge.ts';
import { lifeOf } from '../kubernetes/lives.ts';
import { canStarve, starved } from '../starve.ts';
import type { Step } from '../step.ts';
import { tagNow } from '../tag-now.ts';
import type { Testbed } from '../testbed.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** Share of one processor for each pod. Under this load, a gateway uses eight times as much. */
const PROCESSORS = 0.015;
const STARVED_MS = 40_000;
/** Share for the upgrade: a start needs two seconds of processor time. */
const UPGRADE_PROCESSORS = 0.1;

export const starve: Step = {
  name: 'starve',
  title: 'pods get little processor time: all stay ready, none restarts, errors are 503 with Retry-After, an upgrade is not rolled back',
  needs: 'release',
  run: async (testbed) => {
    if (!(await canStarve(testbed))) return notTried('limiting the pods requires root on the machine of the node');
    const before = await lives(testbed);
    const { result, findings } = await underLoad(testbed, 'starved', judgeHonest, () => starved(testbed, PROCESSORS, () => watch(testbed)));
    testbed.out.line(describeLoad('starved', findings));
    const after = await lives(testbed);
    if (JSON.stringify(after) !== JSON.stringify(before)) findings.wrong.push('a pod was restarted');
    if (result > 0) findings.wrong.push(`${result} times a pod was not ready`);
    const upgrade = await starved(testbed, UPGRADE_PROCESSORS, () => upgraded(testbed));
    return {
      figures: { ...findings.figures, notReady: result, upgradeSeconds: upgrade.seconds },
      wrong: [...findings.wrong, ...upgrade.wrong],
    };
  },
};

/** Counts how often a pod of the release was not ready. */
async function watch(testbed: Testbed): Promise<number> {
  let unready = 0;
  for (const end = performance.now() + STARVED_MS; performance.now() < end; await sleep(1_000)) {
    const pods = (await testbed.cluster.pods()).filter(({ status }) => status?.phase === 'Running');
    unready += pods.filter(({ status }) => !status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')).length;
  }
  return unready;
}

async function lives(testbed: Testbed): Promise<string[]> {
  return (await testbed.cluster.pods())
    .filter(({ status }) => status?.phase === 'Running')
    .map(lifeOf)
    .sort();
}

async function upgraded(testbed: Testbed): Promise<{ seconds: number; wrong: string[] }> {
  const [first, second] = testbed.settings.tags;
  const tag = (await tagNow(testbed, 'query')) === second ? first : second;
  const { code, output, seconds } = await deployCommand(testbed, 'upgrade', 'query', '--tag', tag, '--timeout', '8m');
  const now = await tagNow(testbed, 'query');
  return {
    seconds: Math.round(seconds),
    wrong: code === 0 && now === tag ? [] : [`deploy upgrade exited with ${code}, query runs ${now}: ${output}`],
  };
}
