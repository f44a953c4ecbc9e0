import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../../deploy/cluster.ts';
import { claimNames, deleteClaim } from '../../deploy/disturb.ts';
import { findHelm } from '../../deploy/find-helm.ts';
import { Helm, ownChart } from '../../deploy/helm.ts';
import type { Place } from '../../deploy/options.ts';
import { waitForRollout } from '../../deploy/rollout.ts';
import { apps } from '../../up/plan.ts';
import { namespaceObject, OURS, quotaObject } from '../account.ts';
import type { Bench } from '../bench.ts';
import type { Findings } from '../judge.ts';
import type { Step } from '../step.ts';

/** What a bare cluster of one small node lacks for prod values: room, and a caller who says who may write. */
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
  title: 'install, upgrade, rollback and uninstall with test and prod values, by every helm that was named',
  needs: 'account',
  run: async (bench) => {
    const { settings, admin } = bench;
    await bench.uninstall();
    // What values-test promises to fit in, with nothing of the test's own on top.
    await admin.apply([quotaObject('1', '2Gi')], settings.namespace);
    const prod = `${settings.namespace}-prod`;
    await admin.apply([namespaceObject(prod)]);
    const findings: Findings = { figures: {}, wrong: [] };
    try {
      for (const [n, program] of (settings.helms.length === 0 ? [await findHelm()] : settings.helms).entries()) {
        const version = (await new Helm(program, bench.place).run(['version', '--template', '{{.Version}}'])).trim();
        await tryValues(bench, findings, `helm ${version} test`, program, { ...bench.place, release: `t${n}` }, 'values-test.yaml', []);
        const place = { release: `p${n}`, namespace: prod, kubeconfig: settings.kubeconfig, context: settings.context };
        await tryValues(bench, findings, `helm ${version} prod`, program, place, 'values-prod.yaml', bare);
      }
    } finally {
      await admin.removeNamespace(prod, OURS);
      await admin.apply([quotaObject()], settings.namespace);
    }
    return findings;
  },
};

async function tryValues(
  bench: Bench,
  findings: Findings,
  name: string,
  program: string,
  place: Place,
  file: string,
  more: readonly string[],
): Promise<void> {
  try {
    const seconds = await bench.timed(name, () => cycle(bench, program, place, file, more));
    findings.figures[`${name}.secondsToReady`] = Math.round(seconds * 10) / 10;
  } catch (error) {
    findings.wrong.push(`${name}: ${(error as Error).message}`);
    await new Helm(program, place).run(['uninstall', place.release, '--wait']).catch(() => {});
  }
}

/** Returns the seconds from the start of helm install to ready. */
async function cycle(bench: Bench, program: string, place: Place, file: string, more: readonly string[]): Promise<number> {
  const { registry, tags, set } = bench.settings;
  const helm = new Helm(program, place);
  const cluster = new Cluster(place);
  const ready = () => waitForRollout(cluster, { out: bench.quiet, timeoutMs: 300_000 });
  const images = registry === undefined ? [] : [`global.imageRegistry=${registry}`];
  const given = [...[...images, 'image.pullPolicy=IfNotPresent', ...more].flatMap((value) => ['--set', value]), ...set];
  const start = performance.now();
  await helm.run(['install', place.release, ownChart, '--values', join(ownChart, file), ...given, '--set-string', `image.tag=${tags[0]}`]);
  await ready();
  const seconds = (performance.now() - start) / 1000;
  await helm.run(['test', place.release, '--timeout', '4m']);
  await helm.upgradeImage('query', { tag: tags[1] });
  await ready();
  await helm.rollback(1);
  await ready();
  await helm.run(['uninstall', place.release, '--wait']);
  while ((await cluster.pods()).some(({ metadata }) => metadata?.deletionTimestamp !== undefined)) await sleep(500);
  // The data stay, as promised; the next install of this test is another release.
  for (const claim of await claimNames(cluster)) if (claim.includes(`${place.release}-`)) await deleteClaim(cluster, claim);
  return seconds;
}
