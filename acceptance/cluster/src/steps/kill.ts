import { Failure } from '@almanac/tools/system/failure.ts';
import { killProcess, processOf } from '../container-process.ts';
import { gather } from '../gather.ts';
import { describeFailures, type Findings, judgeWeight } from '../judge.ts';
import { deletePod } from '../kubernetes/disturb.ts';
import { podsOf, untilReplaced } from '../kubernetes/lives.ts';
import type { LoadReport } from '../load/report.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';
import { describeLoad, underLoad } from '../under-load.ts';

/** How long the cluster may send new connections to a dead gateway, until the node has changed its rules. */
const NOTICED_MS = 3_000;

interface Killed {
  at: number;
  how: string;
  /** seconds until as many pods as before are ready */
  backSeconds: number;
}

export const kill: Step = {
  name: 'kill',
  title: 'one pod of each service killed with SIGKILL under load: only requests in flight may fail, no job is lost',
  needs: 'release',
  run: async (testbed) => {
    const parts: Record<string, Findings> = {};
    for (const service of [...testbed.settings.services]) {
      const { report, result, findings } = await underLoad(
        testbed,
        `${service} killed`,
        (report, killed) => judgeKill(report, killed, service),
        () => killOne(testbed, service),
      );
      const inFlight = report.failures.filter(({ at }) => Date.parse(at) <= result.at).length;
      Object.assign(findings.figures, {
        [`${service}.failedInFlight`]: inFlight,
        [`${service}.failedAfter`]: report.failed - inFlight,
        [`${service}.backSeconds`]: result.backSeconds,
        how: result.how,
      });
      testbed.out.line(`${describeLoad(`${service} (${result.how})`, findings)}; ${inFlight} failed in flight`);
      parts[`${service} killed`] = findings;
    }
    return gather(parts);
  },
};

async function killOne(testbed: Testbed, service: string): Promise<Killed> {
  const { cluster } = testbed;
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

/** Requests in flight to a dead process fail. No other request may fail; for the gateway, also new connections until the node notices. */
export function judgeKill(report: LoadReport, { at }: Killed, service: string): string[] {
  const others = report.failures.filter((failure) => {
    const sent = Date.parse(failure.at);
    const wasInFlight = sent <= at && sent + failure.ms >= at - 50;
    const wasRefused = service === 'gateway' && failure.status === 0 && sent > at && sent <= at + NOTICED_MS;
    return !wasInFlight && !wasRefused;
  });
  return [...judgeWeight(report), ...(others.length === 0 ? [] : [describeFailures(others.length, others)])];
}
