import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { Failure } from '@almanac/tools/system/failure.ts';
import { BatchV1Api, PatchStrategy, setHeaderOptions, type V1Lifecycle } from '@kubernetes/client-node';

/** Deletes a pod. `graceSeconds: 0` kills its processes at once, as `kubectl delete --grace-period=0 --force` does. */
export async function deletePod(cluster: Cluster, name: string, graceSeconds?: number): Promise<void> {
  const grace = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
  const { core, namespace } = cluster;
  await cluster.ask(`delete pod ${name}`, () => core.deleteNamespacedPod({ name, namespace, ...grace }));
}

export async function deleteClaim(cluster: Cluster, name: string): Promise<void> {
  const { core, namespace } = cluster;
  await cluster.ask(`delete claim ${name}`, () => core.deleteNamespacedPersistentVolumeClaim({ name, namespace }));
}

export async function claimNames(cluster: Cluster): Promise<string[]> {
  const { core, namespace } = cluster;
  const { items } = await cluster.ask('list claims', () => core.listNamespacedPersistentVolumeClaim({ namespace }));
  return items.map(({ metadata }) => metadata?.name ?? '');
}

/** Runs the job of a cron job now and waits for its end. Returns its last log lines and the seconds it took. */
export async function runCronJob(cluster: Cluster, cronJob: string, name: string, timeoutMs: number) {
  const { config, namespace } = cluster;
  const batch = config.makeApiClient(BatchV1Api);
  const { spec } = await cluster.ask(`read cron job ${cronJob}`, () => batch.readNamespacedCronJob({ name: cronJob, namespace }));
  const { metadata, spec: jobSpec } = spec?.jobTemplate ?? {};
  if (jobSpec === undefined) throw new Failure(`cron job ${cronJob} has no template`);
  const body = { metadata: { ...metadata, name }, spec: jobSpec };
  await cluster.ask(`create job ${name}`, () => batch.createNamespacedJob({ namespace, body }));
  for (const start = performance.now(); ; await sleep(250)) {
    const { status } = await cluster.ask(`read job ${name}`, () => batch.readNamespacedJob({ name, namespace }));
    const isDone = (status?.succeeded ?? 0) > 0;
    if (isDone || status?.conditions?.some(({ type, status }) => type === 'Failed' && status === 'True')) {
      const lines = await linesOf(cluster, name);
      if (!isDone) throw new Failure(`job ${name} failed: ${lines.join('\n')}`);
      return { lines, seconds: (performance.now() - start) / 1000 };
    }
    if (performance.now() - start > timeoutMs) throw new Failure(`job ${name} did not end within ${timeoutMs / 1000} s`);
  }
}

async function linesOf(cluster: Cluster, job: string): Promise<string[]> {
  const labelSelector = `job-name=${job}`;
  const { items } = await cluster.ask('list pods', () => cluster.core.listNamespacedPod({ namespace: cluster.namespace, labelSelector }));
  return (await Promise.all(items.map(({ metadata }) => cluster.lastLines(metadata?.name ?? '', 20)))).flat();
}

/** The settings that drain a pod before it ends. */
export interface Drain {
  lifecycle: V1Lifecycle | undefined;
  seconds: string;
}

/** Removes the drain of a service (undefined), or restores it. Returns the earlier settings. */
export async function setDrain(cluster: Cluster, service: string, drain: Drain | undefined): Promise<Drain> {
  const { apps, namespace, release } = cluster;
  const name = `${release}-${service}`;
  const deployment = await cluster.ask(`read deployment ${name}`, () => apps.readNamespacedDeployment({ name, namespace }));
  const container = deployment.spec?.template.spec?.containers[0];
  const seconds = container?.env?.find(({ name }) => name === 'DRAIN_SECONDS')?.value ?? '';
  const changed = { lifecycle: drain?.lifecycle ?? null, env: [{ name: 'DRAIN_SECONDS', value: drain?.seconds ?? '0' }] };
  await patchTemplate(cluster, name, { spec: { containers: [{ name: container?.name, ...changed }] } });
  return { lifecycle: container?.lifecycle, seconds };
}

/** Replaces every pod of a service, as `kubectl rollout restart` does. */
export async function restartPods(cluster: Cluster, service: string): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  await patchTemplate(cluster, `${cluster.release}-${service}`, { metadata: { annotations } });
}

async function patchTemplate(cluster: Cluster, name: string, template: object): Promise<void> {
  const { apps, namespace } = cluster;
  const merged = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  await cluster.ask(`patch deployment ${name}`, () =>
    apps.patchNamespacedDeployment({ name, namespace, body: { spec: { template } } }, merged),
  );
}
