import { join } from 'node:path';
import type { KubeObject } from '@almanac/tools/chart/objects.ts';
import { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { Helm, ownChart } from '@almanac/tools/deploy/helm.ts';
import type { Place } from '@almanac/tools/deploy/options.ts';
import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { namespaceObject, OURS } from './account.ts';
import { runCronJob } from './kubernetes/disturb.ts';
import type { Testbed } from './testbed.ts';

/** A separate installation beside the release of the other steps. */
export interface Trial {
  /** suffix of the namespace, and name of the release */
  name: string;
  /** values, as --set takes them */
  set: readonly string[];
  /** objects to create in the namespace before */
  objects?: readonly KubeObject[];
  /** an additional check after `helm test`; returns what is wrong */
  check?: (cluster: Cluster) => Promise<string[]>;
}

/** Installs the chart with test values in a fresh namespace, runs `helm test` and a backup, and removes everything. */
export async function runTrial(
  testbed: Testbed,
  { name, set, objects = [], check }: Trial,
): Promise<{ secondsToReady: number; wrong: string[] }> {
  const { settings, admin } = testbed;
  const namespace = `${settings.namespace}-${name}`;
  const place: Place = { release: name, namespace, kubeconfig: settings.kubeconfig, context: settings.context };
  const helm = new Helm(await testbed.helmProgram(), place);
  const cluster = new Cluster(place);
  await admin.apply([namespaceObject(namespace)]);
  try {
    await admin.apply(objects, namespace);
    const start = performance.now();
    await helm.run([
      'install',
      name,
      ownChart,
      '--values',
      join(ownChart, 'values-test.yaml'),
      ...testbed.values(),
      ...set.flatMap((one) => ['--set', one]),
    ]);
    await waitForRollout(cluster, { out: testbed.quiet, timeoutMs: 300_000 });
    const secondsToReady = Math.round((performance.now() - start) / 100) / 10;
    await helm.run(['test', name, '--timeout', '4m']);
    await runCronJob(cluster, `${name}-backup`, 'backup-now', 180_000);
    return { secondsToReady, wrong: (await check?.(cluster)) ?? [] };
  } finally {
    await helm.run(['uninstall', name, '--wait']).catch(() => {});
    await admin.removeNamespace(namespace, OURS);
  }
}
