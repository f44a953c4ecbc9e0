import { deletePod } from '../../deploy/disturb.ts';
import { podsOf, untilReplaced } from '../../deploy/lives.ts';
import { Failure } from '../../system/failure.ts';
import type { Bench } from '../bench.ts';
import { killProcess, processOf } from '../container-process.ts';
import { gather } from '../gather.ts';
import { describeFailures, type Findings, judgeWeight } from '../judge.ts';
import type { LoadReport } from '../load/report.ts';
import type { Step } from '../step.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** How long the cluster may send new connections to a dead gateway: until the node has changed its rules. */
const NOTICED_MS = 3_000;

interface Killed {
  at: number;
  how: string;
  /** until as many pods as before were ready again */
  backSeconds: number;
}

export const kill: Step = {
  name: 'kill',
  title: 'a pod of each service killed with -9 under load: only what was in flight on it may fail, no job is lost',
  needs: 'release',
  run: async (bench) => {
    const parts: Record<string, Findings> = {};
    for (const service of [...bench.settings.services]) {
      const { report, result, findings } = await underLoad(
        bench,
        `${service} killed`,
        (report, killed) => judgeKill(report, killed, service),
        () => killOne(bench, service),
      );
      const inFlight = report.failures.filter(({ at }) => Date.parse(at) <= result.at).length;
      Object.assign(findings.figures, {
        [`${service}.failedInFlight`]: inFlight,
        [`${service}.failedAfter`]: report.failed - inFlight,
        [`${service}.backSeconds`]: result.backSeconds,
        how: result.how,
      });
      bench.out.line(`${describeLoad(`${service} (${result.how})`, findings)}; ${inFlight} failed in flight`);
      parts[`${service} killed`] = findings;
    }
    return gather(parts);
  },
};

async function killOne(bench: Bench, service: string): Promise<Killed> {
  const { cluster } = bench;
  const pods = await podsOf(cluster, service);
  const [pod] = pods;
  if (pod === undefined) throw new Failure(`${service} has no pod`);
  const pid = processOf(pod.status?.containerStatuses?.[0]?.containerID ?? '');
  const at = Date.now();
  const wasKilled = pid !== undefined && killProcess(pid);
  if (!wasKilled) await deletePod(cluster, pod.metadata?.name as string, 0);
  await untilReplaced(cluster, service, pod, pods.length);
  return { at, how: wasKilled ? 'kill -9' : 'deleted by force', backSeconds: Math.round((Date.now() - at) / 100) / 10 };
}

/** Nobody can answer what a dead process was asked. Behind the gateway nothing else may fail; before it, connections until the node knows. */
export function judgeKill(report: LoadReport, { at }: Killed, service: string): string[] {
  const others = report.failures.filter((failure) => {
    const sent = Date.parse(failure.at);
    const wasInFlight = sent <= at && sent + failure.ms >= at - 50;
    const wasRefused = service === 'gateway' && failure.status === 0 && sent > at && sent <= at + NOTICED_MS;
    return !wasInFlight && !wasRefused;
  });
  return [...judgeWeight(report), ...(others.length === 0 ? [] : [describeFailures(others.length, others)])];
}
