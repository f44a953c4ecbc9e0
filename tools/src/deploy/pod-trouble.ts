import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** Why a pod does not start, with the message of the cluster. */
export interface Trouble {
  pod: string;
  reason: string;
  message: string;
  /** the cluster is not expected to resolve it soon */
  isStuck: boolean;
}

/** Reasons during every normal start. */
const ordinary = new Set(['ContainerCreating', 'PodInitializing']);
const stuck = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Returns what keeps a pod from running; nothing for a pod that is being stopped. */
export function troublesOf(pod: V1Pod): Trouble[] {
  if (pod.metadata?.deletionTimestamp !== undefined) return [];
  const name = pod.metadata?.name ?? '?';
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return [...unschedulable(pod), ...containers.flatMap(troubleOf)].map((trouble) => ({ pod: name, ...trouble }));
}

function unschedulable({ status }: V1Pod): Omit<Trouble, 'pod'>[] {
  const condition = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  // A node may become free: not stuck.
  return condition === undefined ? [] : [{ reason: condition.reason ?? 'Unschedulable', message: condition.message ?? '', isStuck: false }];
}

function troubleOf({ state, lastState, restartCount, ready }: V1ContainerStatus): Omit<Trouble, 'pod'>[] {
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  const how =
    ended === undefined ? '' : `last ended with ${ended.reason ?? 'exit'} (exit code ${ended.exitCode}), restarts ${restartCount}`;
  if (waiting?.reason !== undefined && !ordinary.has(waiting.reason)) {
    const message = [waiting.message, how].filter(Boolean).join('; ');
    return [{ reason: waiting.reason, message, isStuck: stuck.has(waiting.reason) }];
  }
  const failed = state?.terminated;
  if (failed !== undefined && failed.exitCode !== 0) return [{ reason: failed.reason ?? 'Error', message: how, isStuck: false }];
  return restartCount > 0 && !ready && ended !== undefined ? [{ reason: 'Restarted', message: how, isStuck: false }] : [];
}
