import type { V1Deployment, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { KubeObject } from './objects.ts';
import { mibOf } from './sizes.ts';

export interface Requests {
  processors: number;
  mib: number;
}

const processorsOf = (quantity: string): number => (quantity.endsWith('m') ? Number.parseInt(quantity, 10) / 1000 : Number(quantity));

/** Returns the resource requests of all services and Redis, with their initial number of pods. */
export function requestsOf(objects: readonly KubeObject[]): Requests {
  const sum: Requests = { processors: 0, mib: 0 };
  for (const { kind, metadata, spec } of objects) {
    if (kind !== 'Deployment' && kind !== 'StatefulSet') continue;
    const scaler = objects.find((one) => one.kind === 'HorizontalPodAutoscaler' && one.metadata?.name === metadata?.name);
    const { replicas = 1, template } = spec as NonNullable<V1Deployment['spec']>;
    const count = (scaler?.spec as V2HorizontalPodAutoscaler['spec'])?.minReplicas ?? replicas;
    for (const { resources } of template.spec?.containers ?? []) {
      sum.processors += count * processorsOf(String(resources?.requests?.cpu));
      sum.mib += count * mibOf(String(resources?.requests?.memory));
    }
  }
  return sum;
}
