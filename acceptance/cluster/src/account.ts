import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseObjects } from '@almanac/tools/chart/objects.ts';
import { root } from '@almanac/tools/system/places.ts';

export const ACCOUNT = 'almanac-deployer';
/** The label of namespaces that the test created and may remove. */
export const OURS = { 'almanac.dev/cluster-test': 'yes' };

/** A namespace that rejects pods that violate the restricted profile. */
export const namespaceObject = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { ...OURS, 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

/** The account, its Role and their binding, exactly as a user applies them. */
export const accountObjects = () => parseObjects(readFileSync(join(root, 'infra/kubernetes/deployer-role.yaml'), 'utf8'));

/** A small quota: two pods of each service, and one more while one is replaced. */
export const quotaObject = (cpu = '1', memory = '2560Mi') => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'almanac-test' },
  spec: {
    hard: { 'requests.cpu': cpu, 'requests.memory': memory, pods: '20', persistentvolumeclaims: '4', 'requests.storage': '10Gi' },
  },
});
