import type { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { COMPONENT } from '@almanac/tools/deploy/progress.ts';
import type { V1Pod } from '@kubernetes/client-node';

/** Returns the start-up time of the slowest pod of each component, in whole seconds. */
export async function startUpSeconds(cluster: Cluster): Promise<Record<string, number>> {
  const slowest: Record<string, number> = {};
  for (const pod of await cluster.pods()) {
    const [component, seconds] = [pod.metadata?.labels?.[COMPONENT], secondsToReady(pod)];
    if (component !== undefined && seconds !== undefined) slowest[component] = Math.max(slowest[component] ?? 0, seconds);
  }
  return slowest;
}

/** Seconds from the start of the container until ready. */
function secondsToReady({ status }: V1Pod): number | undefined {
  const started = status?.containerStatuses?.[0]?.state?.running?.startedAt;
  const ready = status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True')?.lastTransitionTime;
  return started === undefined || ready === undefined
    ? undefined
    : Math.round((Number(new Date(ready)) - Number(new Date(started))) / 1000);
}

/** Returns the seconds of the last start of the store: of the restore, and until ready. */
export async function storeStart(cluster: Cluster): Promise<{ restoreSeconds: number; readySeconds: number }> {
  const pod = (await cluster.pods()).find(({ metadata }) => metadata?.labels?.[COMPONENT] === 'redis');
  const restore = pod?.status?.initContainerStatuses?.find(({ name }) => name === 'restore')?.state?.terminated;
  const restoreMs = restore === undefined ? 0 : Number(new Date(restore.finishedAt ?? 0)) - Number(new Date(restore.startedAt ?? 0));
  return { restoreSeconds: restoreMs / 1000, readySeconds: (pod && secondsToReady(pod)) ?? 0 };
}
