import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { COMPONENT } from '@almanac/tools/deploy/progress.ts';
import { Failure } from '@almanac/tools/system/failure.ts';
import type { V1Pod } from '@kubernetes/client-node';

/** Identifies one run of a pod: a restart of its container is a new run. */
export const lifeOf = ({ metadata, status }: V1Pod): string => `${metadata?.uid} ${status?.containerStatuses?.[0]?.restartCount ?? 0}`;

const isReady = ({ metadata, status }: V1Pod): boolean =>
  metadata?.deletionTimestamp === undefined &&
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

export async function podsOf(cluster: Cluster, component: string): Promise<V1Pod[]> {
  return (await cluster.pods()).filter(
    ({ metadata }) => metadata?.labels?.[COMPONENT] === component && metadata.deletionTimestamp === undefined,
  );
}

/** Waits until `wanted` pods are ready, not counting the ended run. It reads pods, because the status of a workload is delayed. */
export async function untilReplaced(cluster: Cluster, component: string, ended: V1Pod, wanted: number, timeoutMs = 180_000): Promise<void> {
  const life = lifeOf(ended);
  for (const start = performance.now(); performance.now() - start < timeoutMs; await sleep(250)) {
    const pods = await podsOf(cluster, component);
    if (pods.filter((pod) => isReady(pod) && lifeOf(pod) !== life).length >= wanted) return;
  }
  throw new Failure(`${component} did not come back to ${wanted} ready pods within ${timeoutMs / 1000} s`);
}
