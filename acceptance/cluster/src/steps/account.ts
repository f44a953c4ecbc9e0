import { Failure } from '@almanac/tools/system/failure.ts';
import { accountObjects, namespaceObject, OURS, quotaObject } from '../account.ts';
import { Admin } from '../kubernetes/admin.ts';
import { makeLocalVolumes } from '../local-volumes.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';

/** A pod that the restricted profile rejects: it runs as root, with all capabilities. */
const rootPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'as-root' },
  spec: { containers: [{ name: 'c', image: 'any', resources: { requests: { cpu: '1m', memory: '1Mi' } } }] },
};

export const makeAccount: Step = {
  name: 'account',
  title: 'creates a namespace with the restricted profile, a quota, and an account with few permissions',
  needs: 'nothing',
  run: async (testbed) => {
    await prepareNamespace(testbed);
    const { namespace } = testbed.settings;
    const account = new Admin(testbed.accountFile);
    const wrong: string[] = [];
    const refused = async (what: string, action: () => Promise<unknown>) => {
      const error = await action().then(
        () => undefined,
        (error: Error) => error,
      );
      if (!(error instanceof Failure) || !/forbidden|not permitted/i.test(error.message))
        wrong.push(`${what} was not rejected: ${error?.message ?? 'it succeeded'}`);
    };
    await refused('listing namespaces as the account', () => account.hasNamespace(namespace));
    await refused('a network policy as the account', () =>
      account.apply([{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x' } }], namespace),
    );
    await refused('a pod that runs as root', () => testbed.admin.tryCreate(rootPod, namespace));
    return { figures: {}, wrong };
  },
};

/** Creates what every later step needs. */
export async function prepareNamespace(testbed: Testbed): Promise<void> {
  const { namespace, localVolumes } = testbed.settings;
  if ((await testbed.admin.hasNamespace(namespace)) && !(await testbed.admin.isLabelled(namespace, OURS)))
    throw new Failure(`The namespace ${namespace} exists and was not created by the test: use another with --namespace`);
  await testbed.admin.apply([namespaceObject(namespace)]);
  await testbed.admin.apply([quotaObject(), ...accountObjects()], namespace);
  if (localVolumes !== undefined) await makeLocalVolumes(testbed.admin, localVolumes);
  await testbed.renewAccount();
}
