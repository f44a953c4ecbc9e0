import type { V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import type { Workload } from './cluster.ts';

export const COMPONENT = 'app.kubernetes.io/component';

export const componentOf = ({ metadata }: Pick<Workload, 'metadata'>): string => metadata?.labels?.[COMPONENT] ?? metadata?.name ?? '?';

/** The progress of a rollout. */
export interface Progress {
  name: string;
  desired: number;
  updated: number;
  ready: number;
  available: number;
  /** pods of earlier versions that still exist */
  old: number;
  isDone: boolean;
  /** why it cannot proceed: a quota, a deadline */
  obstacles: readonly string[];
}

export function progressOf(workload: Workload): Progress {
  const desired = workload.spec?.replicas ?? 1;
  const {
    replicas = 0,
    updatedReplicas = 0,
    readyReplicas: ready = 0,
    availableReplicas: available = 0,
    observedGeneration = 0,
  } = workload.status ?? {};
  const isSeen = observedGeneration >= (workload.metadata?.generation ?? 0);
  const updated = isStateful(workload) ? updatedOfSet(workload) : updatedReplicas;
  const old = Math.max(0, replicas - updated);
  return {
    name: componentOf(workload),
    desired,
    updated,
    ready,
    available,
    old,
    isDone: isSeen && updated >= desired && old === 0 && available >= desired,
    obstacles: isSeen && !isStateful(workload) ? obstaclesOf(workload) : [],
  };
}

/** A StatefulSet without an update in progress reports no updated replicas. */
function updatedOfSet({ status }: V1StatefulSet): number {
  return status?.currentRevision === status?.updateRevision ? (status?.replicas ?? 0) : (status?.updatedReplicas ?? 0);
}

const isStateful = (workload: Workload): workload is V1StatefulSet => (workload.spec as { serviceName?: string }).serviceName !== undefined;

function obstaclesOf({ status }: V1Deployment): string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status }) => (type === 'ReplicaFailure' && status === 'True') || (type === 'Progressing' && status === 'False'))
    .map(({ reason, message }) => `${reason}: ${message}`);
}

export const describeProgress = ({ name, desired, updated, ready, available, old }: Progress): string =>
  `${name}: ${updated} of ${desired} updated, ${ready} ready, ${available} available${old === 0 ? '' : `, ${old} old ${old === 1 ? 'pod' : 'pods'} left`}`;
