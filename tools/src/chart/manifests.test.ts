import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { apps } from '../up/plan.ts';
import { chartHash, environments, hashFile, manifestFolder } from './manifests.ts';
import { type KubeObject, nameOf, parseObjects } from './objects.ts';
import { complaints } from './policies.ts';
import { unknownVariables } from './variables.ts';

const how = 'helm rewrites them: UPDATE_MANIFESTS=1 ./almanac test chart/helm --all';

test('the manifests are up to date with the chart', () => {
  assert.equal(readFileSync(hashFile, 'utf8').trim(), chartHash(), `the chart changed since infra/kubernetes was made. ${how}`);
});

test('the pod that shows the backups mounts the claim of the chart, and complies with the profile "restricted"', () => {
  const values = { IMAGE: 'docker.io/library/redis:8.2-bookworm', CLAIM: 'almanac-backup', RELEASE: 'almanac' };
  const filled = Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(name, value),
    readFileSync(join(manifestFolder('test'), '../backups-pod.yaml'), 'utf8'),
  );
  const [pod] = parseObjects(filled);
  const claim = readdirSync(manifestFolder('test')).find((file) => /backup-persistentvolumeclaim/.test(file)) ?? '';
  assert.equal(`almanac-test-backup`, parseObjects(readFileSync(join(manifestFolder('test'), claim), 'utf8'))[0]?.metadata?.name);
  const { volumes } = (pod as { spec: { volumes: { persistentVolumeClaim: { claimName: string } }[] } }).spec;
  assert.equal(volumes[0]?.persistentVolumeClaim.claimName, 'almanac-backup');
  const job = { ...pod, kind: 'Job', apiVersion: 'batch/v1', spec: { template: pod } } as KubeObject;
  assert.deepEqual(complaints([job]), []);
});

for (const environment of environments) {
  describe(`infra/kubernetes/${environment}`, () => {
    const folder = manifestFolder(environment);
    const objects = readdirSync(folder).flatMap((file) => parseObjects(readFileSync(join(folder, file), 'utf8')));
    const services = (apps as readonly string[]).map((app) =>
      objects.find((one) => nameOf(one) === `Deployment/almanac-${environment}-${app}`),
    );

    test('has every service and the store', () => {
      assert.ok(
        services.every((one) => one !== undefined),
        objects.map(nameOf).join(' '),
      );
      assert.ok(objects.some((one) => nameOf(one) === `StatefulSet/almanac-${environment}-redis`));
      assert.ok(objects.some((one) => nameOf(one) === `CronJob/almanac-${environment}-backup`));
    });

    test('complies with every policy', () => assert.deepEqual(complaints(objects), []));

    test('holds no secret', () => assert.deepEqual(objects.filter(({ kind }) => kind === 'Secret').map(nameOf), []));

    test('sets only variables that the service defines', async () => {
      for (const [i, app] of apps.entries()) assert.deepEqual(await unknownVariables(app, services[i] as KubeObject), [], app);
    });
  });
}
