import { setTimeout as sleep } from 'node:timers/promises';
import { deployCommand } from '../almanac.ts';
import { judgeHonest, notTried } from '../judge.ts';
import { lifeOf } from '../kubernetes/lives.ts';
import { canStarve, starved } from '../starve.ts';
import type { Step } from '../step.ts';
import { tagNow } from '../tag-now.ts';
import type { Testbed } from '../testbed.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** Of one processor, for each pod: under this load a gateway asks for eight times as much. */
const PROCESSORS = 0.015;
const STARVED_MS = 40_000;
/** For the upgrade: a start takes two seconds of processor time. */
const UPGRADE_PROCESSORS = 0.1;

export const starve: Step = {
  name: 'starve',
  title: 'pods get little processor time: none is taken out or started anew, errors are 503 with Retry-After, an upgrade is not taken back',
  needs: 'release',
  run: async (testbed) => {
    if (!(await canStarve(testbed))) return notTried("only root can limit the pods, on the node's own machine");
    const before = await lives(testbed);
    const { result, findings } = await underLoad(testbed, 'starved', judgeHonest, () => starved(testbed, PROCESSORS, () => watch(testbed)));
    testbed.out.line(describeLoad('starved', findings));
    const after = await lives(testbed);
    if (JSON.stringify(after) !== JSON.stringify(before)) findings.wrong.push('a pod was started anew');
    if (result > 0) findings.wrong.push(`${result} times a pod was not ready`);
    const upgrade = await starved(testbed, UPGRADE_PROCESSORS, () => upgraded(testbed));
    return {
      figures: { ...findings.figures, notReady: result, upgradeSeconds: upgrade.seconds },
      wrong: [...findings.wrong, ...upgrade.wrong],
    };
  },
};

/** How often a pod of the release was seen not ready. */
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
    wrong: code === 0 && now === tag ? [] : [`deploy upgrade ended with ${code}, query runs ${now}: ${output}`],
  };
}
