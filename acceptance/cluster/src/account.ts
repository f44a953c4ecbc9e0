import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseObjects } from '@almanac/tools/chart/objects.ts';
import { root } from '@almanac/tools/system/places.ts';

export const ACCOUNT = 'almanac-deployer';
/** Says that the namespace is the test's own, to be removed without asking. */
export const OURS = { 'almanac.dev/cluster-test': 'yes' };

/** Pods that break the strictest profile are refused. */
export const namespaceObject = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { ...OURS, 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

/** The account, its Role and their binding, exactly as a person applies them. */
export const accountObjects = () => parseObjects(readFileSync(join(root, 'infra/kubernetes/deployer-role.yaml'), 'utf8'));

/** A small namespace: two of each service and one more pod while one is replaced. */
export const quotaObject = (cpu = '1', memory = '2560Mi') => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'almanac-test' },
  spec: {
    hard: { 'requests.cpu': cpu, 'requests.memory': memory, pods: '20', persistentvolumeclaims: '4', 'requests.storage': '10Gi' },
  },
});
