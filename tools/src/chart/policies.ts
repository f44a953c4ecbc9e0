import type { V1Container, V1Deployment, V1PodSpec, V1Probe, V1Volume } from '@kubernetes/client-node';
import { containersOf, type KubeObject, podTemplate } from './objects.ts';

/** What must hold of an object; each complaint is one line. */
export type Policy = (object: KubeObject) => string[];

const complain = (isWrong: boolean, complaint: string): string[] => (isWrong ? [complaint] : []);

const onPods =
  (check: (pod: V1PodSpec, object: KubeObject) => string[]): Policy =>
  (object) => {
    const pod = podTemplate(object)?.spec;
    return pod === undefined ? [] : check(pod, object);
  };
const onContainers = (check: (container: V1Container, object: KubeObject) => string[]): Policy =>
  onPods((pod, object) => containersOf(pod).flatMap((one) => check(one, object).map((complaint) => `${one.name}: ${complaint}`)));
const onServices =
  (check: (deployment: V1Deployment, container: V1Container) => string[]): Policy =>
  (object) => {
    const container = podTemplate(object)?.spec?.containers[0];
    return object.kind === 'Deployment' && container?.name !== 'debug' ? check(object as V1Deployment, container as V1Container) : [];
  };

const volumeKinds = ['configMap', 'secret', 'emptyDir', 'persistentVolumeClaim'];
const kindOf = (volume: V1Volume) => Object.keys(volume).find((key) => key !== 'name') as string;

/** The profile "restricted" of Pod Security, and additional requirements. */
const restrictedPod = onPods((pod) => [
  ...complain(pod.securityContext?.runAsNonRoot !== true, 'runAsNonRoot is not true'),
  ...complain(pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault', 'seccompProfile is not RuntimeDefault'),
  ...complain(pod.automountServiceAccountToken !== false, "the service account's token is mounted"),
  ...complain(pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true, "it shares the node's namespaces"),
  ...(pod.volumes ?? []).flatMap((volume) =>
    complain(!volumeKinds.includes(kindOf(volume)), `the volume ${volume.name} is ${kindOf(volume)}`),
  ),
]);

/** An image whose user has a name, as that of Redis, needs a number beside runAsNonRoot. A cluster that assigns ids refuses every fixed one. */
const ids = (assignsIds: boolean) =>
  onPods(({ securityContext }) => {
    const { runAsUser, runAsGroup, fsGroup } = securityContext ?? {};
    const fixed = [runAsUser, runAsGroup, fsGroup].filter((id) => id !== undefined);
    return assignsIds
      ? complain(fixed.length > 0, `the ids ${fixed} are fixed`)
      : complain(![999, 1000].includes(runAsUser as number), `runAsUser is ${runAsUser}`);
  });

const restrictedContainer = onContainers(({ securityContext, ports = [] }) => [
  ...complain(securityContext?.allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation is not false'),
  ...complain(securityContext?.readOnlyRootFilesystem !== true, 'the root file system can be written to'),
  ...complain(securityContext?.capabilities?.drop?.join() !== 'ALL', 'it does not drop ALL capabilities'),
  ...complain(securityContext?.capabilities?.add !== undefined, 'it adds capabilities'),
  ...complain(
    ports.some(({ hostPort }) => hostPort !== undefined),
    'it takes a port of the node',
  ),
]);

/** So that a quota admits every pod, and none fills a node. */
const limited = onContainers(({ resources }) =>
  ['requests', 'limits'].flatMap((kind) =>
    ['cpu', 'memory'].flatMap((what) =>
      complain(resources?.[kind as 'requests' | 'limits']?.[what] === undefined, `no resources.${kind}.${what}`),
    ),
  ),
);
const boundedVolumes = onPods((pod) =>
  (pod.volumes ?? []).flatMap(({ name, emptyDir }) =>
    complain(emptyDir !== undefined && emptyDir.sizeLimit === undefined, `the volume ${name} has no sizeLimit`),
  ),
);

/** A tag that moves is pulled each time; a version or a digest is not. */
const images = onContainers(({ image = '', imagePullPolicy }) => {
  const [, tag, digest] = /^[^@]+\/[^:@]+(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  return [
    ...complain(tag === undefined && digest === undefined, `the image ${image} has neither tag nor digest`),
    ...complain(tag === 'latest', `the image ${image} may be another each day`),
    ...complain(imagePullPolicy !== (tag === 'dev' ? 'Always' : 'IfNotPresent'), `imagePullPolicy is ${imagePullPolicy} for ${image}`),
  ];
});

/** A selector cannot be changed: three lasting labels. A label with a version in the pods would restart every service with each chart. */
const labels: Policy = (object) => {
  const selector = (object as V1Deployment).spec?.selector?.matchLabels;
  if (!['Deployment', 'StatefulSet'].includes(object.kind ?? '') || selector === undefined) return [];
  const ofPods = podTemplate(object)?.metadata?.labels ?? {};
  const lasting = ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name'];
  return [
    ...complain(Object.keys(selector).sort().join() !== lasting.join(), `the selector has ${Object.keys(selector)}`),
    ...complain(
      Object.entries(selector).some(([key, value]) => ofPods[key] !== value),
      'the selector does not find its own pods',
    ),
    ...complain(
      Object.keys(ofPods).some((key) => /version|chart/.test(key)),
      `a label of the pods changes with the version: ${Object.keys(ofPods)}`,
    ),
  ];
};

/** The least time in seconds until a failing probe counts: an overloaded process responds late. */
const toleranceSeconds = (probe: V1Probe | undefined) => (probe?.periodSeconds ?? 0) * ((probe?.failureThreshold ?? 0) - 1);

/** The liveness probe checks only the process: an unavailable store must not restart the services. */
const probes = onServices((_, { startupProbe, livenessProbe, readinessProbe }) => [
  ...complain(toleranceSeconds(startupProbe) < 240, `a start may take ${toleranceSeconds(startupProbe)} s`),
  ...complain(toleranceSeconds(readinessProbe) < 20, `a busy pod is taken out after ${toleranceSeconds(readinessProbe)} s`),
  ...complain(toleranceSeconds(livenessProbe) < 120, `a busy pod is restarted after ${toleranceSeconds(livenessProbe)} s`),
  ...[startupProbe, livenessProbe, readinessProbe].flatMap((probe) =>
    complain(!((probe?.timeoutSeconds ?? 0) >= 5), `a probe waits ${probe?.timeoutSeconds} s for a response`),
  ),
  ...complain(startupProbe?.httpGet?.path !== '/livez', 'the startup probe does not request /livez'),
  ...complain(livenessProbe?.httpGet?.path !== '/livez', 'the liveness probe does not request /livez'),
  ...complain(readinessProbe?.httpGet?.path !== '/readyz', 'the readiness probe does not request /readyz'),
]);

const rollout = onServices(({ spec }) => [
  ...complain(spec?.strategy?.rollingUpdate?.maxUnavailable !== 0, 'an upgrade takes pods away before their successors are ready'),
  ...complain(!(Number.parseInt(String(spec?.strategy?.rollingUpdate?.maxSurge), 10) >= 1), 'an upgrade cannot begin: maxSurge'),
  ...complain(!((spec?.minReadySeconds ?? 0) > 0), 'no minReadySeconds'),
  ...complain(!((spec?.progressDeadlineSeconds ?? 0) > 0), 'no progressDeadlineSeconds'),
]);

/** Seconds that `serve` of libs/service and the renderer's main allow for what is in flight. */
const LONGEST_SECONDS: Readonly<Record<string, number>> = { renderer: 65 };

const grace = onServices(({ spec }, { name, env = [], lifecycle }) => {
  const preStop =
    lifecycle?.preStop?.sleep?.seconds ?? Number(/\b(\d+)\)$/.exec(lifecycle?.preStop?.exec?.command?.at(-1) ?? '')?.[1]) / 1000;
  const drain = Number(env.find((one) => one.name === 'DRAIN_SECONDS')?.value);
  const needed = preStop + drain + (LONGEST_SECONDS[name] ?? 30);
  const graceSeconds = spec?.template.spec?.terminationGracePeriodSeconds ?? 0;
  return complain(!(graceSeconds > needed), `a pod is killed after ${graceSeconds} s and may need ${needed} s`);
});

export const policies: Readonly<Record<string, Policy>> = {
  restrictedPod,
  ids: ids(false),
  restrictedContainer,
  limited,
  boundedVolumes,
  images,
  labels,
  probes,
  rollout,
  grace,
  name: ({ metadata }) => complain((metadata?.name?.length ?? 64) > 63, 'the name is longer than 63 characters'),
};

/** Everything that is wrong with some objects, one line each. */
export const complaints = (objects: readonly KubeObject[], { assignsIds = false } = {}): string[] =>
  objects.flatMap((object) =>
    Object.entries({ ...policies, ids: ids(assignsIds) }).flatMap(([name, policy]) =>
      policy(object).map((complaint) => `${object.kind}/${object.metadata?.name} (${name}): ${complaint}`),
    ),
  );
