import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { findHelm } from '@almanac/tools/deploy/find-helm.ts';
import { Helm, ownChart } from '@almanac/tools/deploy/helm.ts';
import type { Place } from '@almanac/tools/deploy/options.ts';
import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { apps } from '@almanac/tools/up/plan.ts';
import { namespaceObject, OURS, quotaObject } from '../account.ts';
import type { Findings } from '../judge.ts';
import { claimNames, deleteClaim } from '../kubernetes/disturb.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';

/** What the production values need on a cluster with one small node: smaller requests, and an authentication setting. */
const bare = [
  'auth.enabled=true',
  'redis.persistence.size=1Gi',
  'backup.pvc.size=1Gi',
  ...apps.flatMap((service) => [`services.${service}.resources.requests.cpu=20m`, `services.${service}.resources.requests.memory=64Mi`]),
  'redis.resources.requests.cpu=20m',
  'redis.resources.requests.memory=64Mi',
];

export const values: Step = {
  name: 'values',
  title: 'install, upgrade, rollback and uninstall with test and production values, with each --helm',
  needs: 'account',
  run: async (testbed) => {
    const { settings, admin } = testbed;
    await testbed.uninstall();
    // The quota that values-test is documented to fit in.
    await admin.apply([quotaObject('1', '2Gi')], settings.namespace);
    const prod = `${settings.namespace}-prod`;
    await admin.apply([namespaceObject(prod)]);
    const findings: Findings = { figures: {}, wrong: [] };
    try {
      for (const [n, program] of (settings.helms.length === 0 ? [await findHelm()] : settings.helms).entries()) {
        const version = (await new Helm(program, testbed.place).run(['version', '--template', '{{.Version}}'])).trim();
        await tryValues(testbed, findings, `helm ${version} test`, program, { ...testbed.place, release: `t${n}` }, 'values-test.yaml', []);
        const place = { release: `p${n}`, namespace: prod, kubeconfig: settings.kubeconfig, context: settings.context };
        await tryValues(testbed, findings, `helm ${version} prod`, program, place, 'values-prod.yaml', bare);
      }
    } finally {
      await admin.removeNamespace(prod, OURS);
      await admin.apply([quotaObject()], settings.namespace);
    }
    return findings;
  },
};

async function tryValues(
  testbed: Testbed,
  findings: Findings,
  name: string,
  program: string,
  place: Place,
  file: string,
  more: readonly string[],
): Promise<void> {
  try {
    const seconds = await testbed.timed(name, () => cycle(testbed, program, place, file, more));
    findings.figures[`${name}.secondsToReady`] = Math.round(seconds * 10) / 10;
  } catch (error) {
    findings.wrong.push(`${name}: ${(error as Error).message}`);
    await new Helm(program, place).run(['uninstall', place.release, '--wait']).catch(() => {});
  }
}

/** Returns the seconds from the start of helm install until ready. */
async function cycle(testbed: Testbed, program: string, place: Place, file: string, more: readonly string[]): Promise<number> {
  const { registry, tags, set } = testbed.settings;
  const helm = new Helm(program, place);
  const cluster = new Cluster(place);
  const ready = () => waitForRollout(cluster, { out: testbed.quiet, timeoutMs: 300_000 });
  const images = registry === undefined ? [] : [`global.imageRegistry=${registry}`];
  const options = [...[...images, 'image.pullPolicy=IfNotPresent', ...more].flatMap((value) => ['--set', value]), ...set];
  const start = performance.now();
  await helm.run([
    'install',
    place.release,
    ownChart,
    '--values',
    join(ownChart, file),
    ...options,
    '--set-string',
    `image.tag=${tags[0]}`,
  ]);
  await ready();
  const seconds = (performance.now() - start) / 1000;
  await helm.run(['test', place.release, '--timeout', '4m']);
  await helm.upgradeImage('query', { tag: tags[1] });
  await ready();
  await helm.rollback(1);
  await ready();
  await helm.run(['uninstall', place.release, '--wait']);
  while ((await cluster.pods()).some(({ metadata }) => metadata?.deletionTimestamp !== undefined)) await sleep(500);
  // Uninstall keeps the data; delete it, because the next install is another release.
  for (const claim of await claimNames(cluster)) if (claim.includes(`${place.release}-`)) await deleteClaim(cluster, claim);
  return seconds;
}
