import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { root } from '../system/places.ts';
import type { KubeObject } from './objects.ts';
import { chart, installation, render } from './render.ts';

export const environments = ['test', 'prod'] as const;
export type Environment = (typeof environments)[number];

export const manifestFolder = (environment: Environment): string => join(root, 'infra/kubernetes', environment);
export const hashFile = join(root, 'infra/kubernetes/chart.sha256');

/** Returns a hash of the sources of the manifests, so that stale manifests are detected without helm. */
export function chartHash(): string {
  const hash = createHash('sha256');
  for (const file of globSync('**/*', { cwd: chart, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()) {
    hash.update(file.slice(chart.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Of an object what `kubectl apply` is to have: nothing that only helm reads. */
function plain(object: KubeObject): KubeObject {
  const isHelms = (key: string) => key.startsWith('helm.sh/') || key === 'app.kubernetes.io/managed-by';
  const without = (entries: Record<string, string> = {}) => Object.fromEntries(Object.entries(entries).filter(([key]) => !isHelms(key)));
  const annotations = without(object.metadata?.annotations);
  const { annotations: _, ...metadata } = object.metadata ?? {};
  return {
    ...object,
    metadata: { ...metadata, labels: without(metadata.labels), ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
  };
}

const isHook = ({ metadata }: KubeObject) => metadata?.annotations?.['helm.sh/hook'] !== undefined;

/** File name -> manifest, as the course names them: <release>-<component>-<kind>.yaml. Secrets are to be made first, by name. */
export function manifests(environment: Environment): Map<string, KubeObject> {
  const release = `almanac-${environment}`;
  const set = [`redis.auth.existingSecret=${release}-redis-passwords`, 'owner=username', 'tests.enabled=false'];
  const objects = render(installation(environment), {
    release,
    set: environment === 'prod' ? [...set, `auth.existingSecret=${release}-write-token`] : set,
  });
  return new Map(
    objects
      .filter((object) => !isHook(object))
      .map((object) => [`${object.metadata?.name}-${object.kind?.toLowerCase()}.yaml`, plain(object)]),
  );
}

export const manifestText = (environment: Environment, object: KubeObject): string =>
  `# Made from helm/almanac with values-${environment}.yaml: change that, not this (infra/kubernetes/README.md).\n${stringify(object, { version: '1.1', lineWidth: 0 })}`;
