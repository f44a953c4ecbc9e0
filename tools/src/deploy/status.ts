import type { V1Pod } from '@kubernetes/client-node';
import { bold, duration } from '../system/output.ts';
import { table } from '../system/table.ts';
import type { Action } from './action.ts';
import type { Cluster, Workload } from './cluster.ts';
import { forward } from './forward.ts';
import { troublesOf } from './pod-trouble.ts';
import { COMPONENT, componentOf, progressOf } from './progress.ts';

const head = ['service', 'tag', 'ready', 'restarts', 'age', 'version'];

/** Prints what runs of a release. Returns 1 if something is not ready. */
export const status: Action = async ({ cluster, helm, out }) => {
  const release = await helm.release();
  const [workloads, pods] = [await cluster.workloads(), await cluster.pods()];
  const rows = await Promise.all(workloads.map((workload) => describe(cluster, workload, pods)));
  out.line(bold(`${release.name}: revision ${release.revision}, ${release.status}, ${release.chart}`));
  out.line(table([head, ...rows.sort(byName)], [2, 3, 4]));
  for (const { pod, reason, message } of pods.flatMap(troublesOf)) out.line(`pod ${pod}: ${reason}${message === '' ? '' : `: ${message}`}`);
  return workloads.every((workload) => progressOf(workload).isDone) ? 0 : 1;
};

async function describe(cluster: Cluster, workload: Workload, all: readonly V1Pod[]): Promise<string[]> {
  const name = componentOf(workload);
  const { ready, desired } = progressOf(workload);
  const pods = all.filter(({ metadata }) => metadata?.labels?.[COMPONENT] === name);
  const restarts = pods.flatMap(({ status }) => status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const tag = tagOf(workload.spec?.template.spec?.containers[0]?.image ?? '');
  return [name, tag, `${ready}/${desired}`, String(restarts), ageOf(pods), await versionOf(cluster, name)];
}

/** Returns the tag of an image, or the start of its digest if it has one. */
export const tagOf = (image: string): string => /@sha256:([0-9a-f]{12})/.exec(image)?.[1] ?? /:([\w.-]+)$/.exec(image)?.[1] ?? 'latest';

/** Returns the age of the youngest pod. */
function ageOf(pods: readonly V1Pod[]): string {
  const youngest = Math.max(...pods.map(({ metadata }) => Number(metadata?.creationTimestamp ?? 0)));
  return pods.length === 0 ? '-' : duration(Date.now() - youngest);
}

/** Returns the version that a service reports, or `-` if it reports none, as the store. */
async function versionOf(cluster: Cluster, component: string): Promise<string> {
  const tunnel = await forward(cluster, component).catch(() => undefined);
  if (tunnel === undefined) return '-';
  try {
    const response = await fetch(`${tunnel.url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return ((await response.json()) as { version?: string }).version ?? '-';
  } catch {
    return '-';
  } finally {
    tunnel.close();
  }
}

const byName = ([a = '']: string[], [b = '']: string[]): number => a.localeCompare(b);
