import type { KubeObject } from '@almanac/tools/chart/objects.ts';
import { Failure } from '@almanac/tools/system/failure.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';
import { runTrial } from '../trial.ts';

/** A range as OpenShift assigns to a namespace: ten thousand ids, none of which an image uses. */
const [FIRST, COUNT] = [1_000_650_000, 10_000];
const NAME = 'uids';

/** Accepts a pod only if its user is in the range, and its groups are in it or 0. */
const policy = (namespace: string): KubeObject[] => {
  const context = 'object.spec.securityContext';
  const isOurs = (id: string) => `${context}.${id} >= ${FIRST} && ${context}.${id} < ${FIRST + COUNT}`;
  const group = (id: string) => `(!has(${context}.${id}) || ${context}.${id} == 0 || (${isOurs(id)}))`;
  const expression = `has(${context}.runAsUser) && ${isOurs('runAsUser')} && ${group('runAsGroup')} && ${group('fsGroup')}`;
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const spec = {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    validations: [{ expression, message: `the ids of this namespace are ${FIRST} to ${FIRST + COUNT - 1}` }],
  };
  const binding = {
    policyName: namespace,
    validationActions: ['Deny'],
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
  };
  const metadata = { name: namespace };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec },
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata, spec: binding },
  ];
};

const podOf = (runAsUser: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'one' },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ name: 'c', image: 'any', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  },
});

export const uids: Step = {
  name: 'uids',
  title: 'a namespace that accepts only user ids of its range, as OpenShift does: ids of the images are rejected, everything runs',
  needs: 'account',
  run: async (testbed) => {
    const namespace = `${testbed.settings.namespace}-${NAME}`;
    const objects = policy(namespace);
    await testbed.admin.apply(objects);
    const set = [`runAsUser=${FIRST}`, 'runAsGroup=0', `fsGroup=${FIRST}`].map((one) => `podSecurityContext.${one}`);
    try {
      const { secondsToReady, wrong } = await runTrial(testbed, { name: NAME, set, check: () => refusals(testbed, namespace) });
      return { figures: { secondsToReady }, wrong };
    } finally {
      for (const object of objects) await testbed.admin.remove(object);
    }
  },
};

/** Checks that the policy works, without which the trial proves nothing. */
async function refusals({ admin }: Testbed, namespace: string): Promise<string[]> {
  const attempt = (uid: number) =>
    admin.tryCreate(podOf(uid), namespace).then(
      () => true,
      (error: Error) => {
        if (error instanceof Failure && error.message.includes('ids of this namespace')) return false;
        throw error;
      },
    );
  return [
    ...((await attempt(1000)) ? ['a pod of user 1000 was accepted'] : []),
    ...((await attempt(FIRST + 1)) ? [] : ['a pod of a user of the range was rejected']),
  ];
}
