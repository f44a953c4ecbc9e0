import type { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { COMPONENT } from '@almanac/tools/deploy/progress.ts';
import type { V1Pod } from '@kubernetes/client-node';

/** How long pods took to be ready, in seconds (the cluster keeps whole ones): the slowest of each component. */
export async function startUpSeconds(cluster: Cluster): Promise<Record<string, number>> {
  const slowest: Record<string, number> = {};
  for (const pod of await cluster.pods()) {
    const [component, seconds] = [pod.metadata?.labels?.[COMPONENT], secondsToReady(pod)];
    if (component !== undefined && seconds !== undefined) slowest[component] = Math.max(slowest[component] ?? 0, seconds);
  }
  return slowest;
}

/** From the start of its container to readiness; for the store too. */
function secondsToReady({ status }: V1Pod): number | undefined {
  const started = status?.containerStatuses?.[0]?.state?.running?.startedAt;
  const ready = status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True')?.lastTransitionTime;
  return started === undefined || ready === undefined
    ? undefined
    : Math.round((Number(new Date(ready)) - Number(new Date(started))) / 1000);
}

/** How long the store's last start took: the restore before it, and its own until it was ready, in seconds. */
export async function storeStart(cluster: Cluster): Promise<{ restoreSeconds: number; readySeconds: number }> {
  const pod = (await cluster.pods()).find(({ metadata }) => metadata?.labels?.[COMPONENT] === 'redis');
  const restore = pod?.status?.initContainerStatuses?.find(({ name }) => name === 'restore')?.state?.terminated;
  const restoreMs = restore === undefined ? 0 : Number(new Date(restore.finishedAt ?? 0)) - Number(new Date(restore.startedAt ?? 0));
  return { restoreSeconds: restoreMs / 1000, readySeconds: (pod && secondsToReady(pod)) ?? 0 };
}
