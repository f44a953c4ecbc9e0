import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../system/places.ts';
import { type KubeObject, podTemplate } from './objects.ts';

/** Returns variables that a Deployment sets but the service does not define, except REDIS_PASSWORD: Kubernetes inserts it into REDIS_URL. */
export async function unknownVariables(app: string, deployment: KubeObject): Promise<string[]> {
  const { Env } = (await import(pathToFileURL(join(root, 'apps', app, 'src/env.ts')).href)) as { Env: { properties: object } };
  const names = podTemplate(deployment)?.spec?.containers[0]?.env?.map(({ name }) => name) ?? [];
  assert.ok(names.length > 0, `${app} has no environment`);
  return names.filter((name) => !(name in Env.properties) && name !== 'REDIS_PASSWORD');
}
