import type { V1PodSpec } from '@kubernetes/client-node';
import { type KubeObject, nameOf, podTemplate } from './objects.ts';

/** Returns the object with a name like Deployment/x-query, which must exist. */
export const find = (objects: readonly KubeObject[], name: string): KubeObject => objects.find((one) => nameOf(one) === name) as KubeObject;

/** Returns the pod specs of objects, with the name of the object. */
export const podsOf = (objects: readonly KubeObject[]): [string, V1PodSpec][] =>
  objects.flatMap((one) => {
    const spec = podTemplate(one)?.spec;
    return spec ? [[nameOf(one), spec] as [string, V1PodSpec]] : [];
  });

/** Returns the environment variables of a service of the release x. */
export const envOf = (objects: readonly KubeObject[], app: string): Record<string, string | undefined> =>
  Object.fromEntries(
    (podTemplate(find(objects, `Deployment/x-${app}`))?.spec?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
  );
