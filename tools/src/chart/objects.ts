import type { KubernetesObject, V1CronJob, V1Deployment, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

export type KubeObject = KubernetesObject & { spec?: unknown; data?: Record<string, string> };

/** Parses YAML documents as Kubernetes does (YAML 1.1). Returns the objects. */
export function parseObjects(text: string): KubeObject[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return (document.toJS() as KubeObject | null) ?? [];
  });
}

export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata?.name}`;

/** Returns the pod template of an object. */
export function podTemplate(object: KubeObject): V1PodTemplateSpec | undefined {
  if (object.kind === 'CronJob') return (object as V1CronJob).spec?.jobTemplate.spec?.template;
  return ['Deployment', 'StatefulSet', 'Job'].includes(object.kind ?? '') ? (object as V1Deployment).spec?.template : undefined;
}

export const containersOf = (pod: V1PodSpec) => [...(pod.initContainers ?? []), ...pod.containers];
