import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../system/places.ts';
import { type KubeObject, podTemplate } from './objects.ts';

/** Variables that a service's Deployment sets and its start-up does not know. REDIS_PASSWORD is none of them: Kubernetes puts it into REDIS_URL. */
export async function unknownVariables(app: string, deployment: KubeObject): Promise<string[]> {
  const { Env } = (await import(pathToFileURL(join(root, 'apps', app, 'src/env.ts')).href)) as { Env: { properties: object } };
  const names = podTemplate(deployment)?.spec?.containers[0]?.env?.map(({ name }) => name) ?? [];
  assert.ok(names.length > 0, `${app} has no environment`);
  return names.filter((name) => !(name in Env.properties) && name !== 'REDIS_PASSWORD');
}
