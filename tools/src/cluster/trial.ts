import { join } from 'node:path';
import type { KubeObject } from '../chart/objects.ts';
import { Cluster } from '../deploy/cluster.ts';
import { runCronJob } from '../deploy/disturb.ts';
import { Helm, ownChart } from '../deploy/helm.ts';
import type { Place } from '../deploy/options.ts';
import { waitForRollout } from '../deploy/rollout.ts';
import { namespaceObject, OURS } from './account.ts';
import type { Bench } from './bench.ts';

/** An installation of its own beside the release of the other steps. */
export interface Trial {
  /** end of the namespace's name, and the release */
  name: string;
  /** values, as --set takes them */
  set: readonly string[];
  /** what must be in the namespace first */
  objects?: readonly KubeObject[];
  /** what is tried beside `helm test` and a backup; returns what is wrong */
  check?: (cluster: Cluster) => Promise<string[]>;
}

/** Installs the chart with test values in a fresh namespace, runs `helm test` and a backup, and removes everything. */
export async function runTrial(
  bench: Bench,
  { name, set, objects = [], check }: Trial,
): Promise<{ secondsToReady: number; wrong: string[] }> {
  const { settings, admin } = bench;
  const namespace = `${settings.namespace}-${name}`;
  const place: Place = { release: name, namespace, kubeconfig: settings.kubeconfig, context: settings.context };
  const helm = new Helm(await bench.helmProgram(), place);
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
      ...bench.values(),
      ...set.flatMap((one) => ['--set', one]),
    ]);
    await waitForRollout(cluster, { out: bench.quiet, timeoutMs: 300_000 });
    const secondsToReady = Math.round((performance.now() - start) / 100) / 10;
    await helm.run(['test', name, '--timeout', '4m']);
    await runCronJob(cluster, `${name}-backup`, 'backup-now', 180_000);
    return { secondsToReady, wrong: (await check?.(cluster)) ?? [] };
  } finally {
    await helm.run(['uninstall', name, '--wait']).catch(() => {});
    await admin.removeNamespace(namespace, OURS);
  }
}
