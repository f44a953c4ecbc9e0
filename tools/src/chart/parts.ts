import type { V1PodSpec } from '@kubernetes/client-node';
import { type KubeObject, nameOf, podTemplate } from './objects.ts';

/** The object of a name like Deployment/x-query; tests read on where it must be there. */
export const find = (objects: readonly KubeObject[], name: string): KubeObject => objects.find((one) => nameOf(one) === name) as KubeObject;

/** The pods that objects make, by the name of the object. */
export const podsOf = (objects: readonly KubeObject[]): [string, V1PodSpec][] =>
  objects.flatMap((one) => {
    const spec = podTemplate(one)?.spec;
    return spec ? [[nameOf(one), spec] as [string, V1PodSpec]] : [];
  });

/** The variables of a service of the release x. */
export const envOf = (objects: readonly KubeObject[], app: string): Record<string, string | undefined> =>
  Object.fromEntries(
    (podTemplate(find(objects, `Deployment/x-${app}`))?.spec?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
  );
