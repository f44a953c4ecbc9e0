import { setTimeout as sleep } from 'node:timers/promises';
import { lifeOf, podsOf } from '../../deploy/lives.ts';
import { Failure } from '../../system/failure.ts';
import { deployCommand } from '../almanac.ts';
import type { Bench } from '../bench.ts';
import { processOf } from '../container-process.ts';
import { judgeHonest } from '../judge.ts';
import { type PodGroup, podGroupOf } from '../starve.ts';
import type { Step } from '../step.ts';
import { tagNow } from '../tag-now.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** Of the whole node, for every pod together: they ask for half a processor under this load. */
const PROCESSORS = 0.15;
const STARVED_MS = 40_000;
/** For the upgrade: a start alone takes two seconds of processor time. */
const UPGRADE_PROCESSORS = 0.5;

export const starve: Step = {
  name: 'starve',
  title: 'pods get little processor time: none is taken out or started anew, errors are 503 with Retry-After, an upgrade is not taken back',
  needs: 'release',
  run: async (bench) => {
    const group = await groupOfPods(bench);
    const before = await lives(bench);
    const { result, findings } = await underLoad(bench, 'starved', judgeHonest, () => starved(group, PROCESSORS, () => watch(bench)));
    bench.voice.line(describeLoad('starved', findings));
    const after = await lives(bench);
    if (JSON.stringify(after) !== JSON.stringify(before)) findings.wrong.push('a pod was started anew');
    if (result > 0) findings.wrong.push(`${result} times a pod was not ready`);
    const upgrade = await starved(group, UPGRADE_PROCESSORS, () => upgraded(bench));
    return {
      figures: { ...findings.figures, notReady: result, upgradeSeconds: upgrade.seconds },
      wrong: [...findings.wrong, ...upgrade.wrong],
    };
  },
};

async function groupOfPods(bench: Bench): Promise<PodGroup> {
  const [pod] = await podsOf(bench.cluster, 'gateway');
  const pid = processOf(pod?.status?.containerStatuses?.[0]?.containerID ?? '');
  const group = pid === undefined ? undefined : podGroupOf(pid);
  if (group === undefined)
    throw new Failure("The step starve limits the pods of this machine's node as root: the node is elsewhere, or this is not root");
  return group;
}

/** Whatever happens, and however long `action` takes, the pods get their time back. */
async function starved<T>(group: PodGroup, processors: number, action: () => Promise<T>): Promise<T> {
  const restore = () => group.restore();
  process.once('exit', restore);
  group.limit(processors);
  try {
    return await action();
  } finally {
    restore();
    process.off('exit', restore);
  }
}

/** How often a pod of the release was seen not ready. */
async function watch(bench: Bench): Promise<number> {
  let unready = 0;
  for (const end = performance.now() + STARVED_MS; performance.now() < end; await sleep(1_000)) {
    const pods = (await bench.cluster.pods()).filter(({ status }) => status?.phase === 'Running');
    unready += pods.filter(({ status }) => !status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')).length;
  }
  return unready;
}

async function lives(bench: Bench): Promise<string[]> {
  return (await bench.cluster.pods())
    .filter(({ status }) => status?.phase === 'Running')
    .map(lifeOf)
    .sort();
}

async function upgraded(bench: Bench): Promise<{ seconds: number; wrong: string[] }> {
  const [first, second] = bench.settings.tags;
  const tag = (await tagNow(bench, 'query')) === second ? first : second;
  const { code, output, seconds } = await deployCommand(bench, 'upgrade', 'query', '--tag', tag, '--timeout', '8m');
  const now = await tagNow(bench, 'query');
  return {
    seconds: Math.round(seconds),
    wrong: code === 0 && now === tag ? [] : [`deploy upgrade ended with ${code}, query runs ${now}: ${output}`],
  };
}
