import type { V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import type { Workload } from './cluster.ts';

export const COMPONENT = 'app.kubernetes.io/component';

export const componentOf = ({ metadata }: Pick<Workload, 'metadata'>): string => metadata?.labels?.[COMPONENT] ?? metadata?.name ?? '?';

/** How far a workload is on the way to what it was told to be. */
export interface Progress {
  name: string;
  wanted: number;
  updated: number;
  ready: number;
  available: number;
  /** of earlier versions, still there */
  old: number;
  isDone: boolean;
  /** why it can go no further: a quota, a deadline */
  obstacles: readonly string[];
}

export function progressOf(workload: Workload): Progress {
  const wanted = workload.spec?.replicas ?? 1;
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
    wanted,
    updated,
    ready,
    available,
    old,
    isDone: isSeen && updated >= wanted && old === 0 && available >= wanted,
    obstacles: isSeen && !isStateful(workload) ? obstaclesOf(workload) : [],
  };
}

/** A set whose update is over reports no updated replicas of its own. */
function updatedOfSet({ status }: V1StatefulSet): number {
  return status?.currentRevision === status?.updateRevision ? (status?.replicas ?? 0) : (status?.updatedReplicas ?? 0);
}

const isStateful = (workload: Workload): workload is V1StatefulSet => (workload.spec as { serviceName?: string }).serviceName !== undefined;

function obstaclesOf({ status }: V1Deployment): string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status }) => (type === 'ReplicaFailure' && status === 'True') || (type === 'Progressing' && status === 'False'))
    .map(({ reason, message }) => `${reason}: ${message}`);
}

export const describeProgress = ({ name, wanted, updated, ready, available, old }: Progress): string =>
  `${name}: ${updated} of ${wanted} updated, ${ready} ready, ${available} available${old === 0 ? '' : `, ${old} of before still there`}`;
