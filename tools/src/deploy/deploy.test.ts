import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readOptions } from '../system/options.ts';
import { loadConfig } from './cluster.ts';
import { findHelm } from './find-helm.ts';
import { deployOptions } from './options.ts';
import { troublesOf } from './pod-trouble.ts';
import { describeProgress, progressOf } from './progress.ts';
import { revisionBefore } from './rollback.ts';
import { requireService, servicesOf } from './services.ts';
import { tagOf } from './status.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-deploy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A program that prints a version of helm. */
function fakeHelm(version: string, name: string): string {
  const path = join(folder, name, 'helm');
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n[ "$1" = version ] && echo ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('helm is found by HELM, on PATH, or in .almanac/bin, and must be new enough', async () => {
  const [old, three, four] = [fakeHelm('v3.13.3', 'old'), fakeHelm('v3.14.0', 'three'), fakeHelm('v4.3.1', 'co/.almanac/bin')];
  assert.equal(await findHelm({ HELM: four, PATH: join(folder, 'three') }, folder), four);
  assert.equal(await findHelm({ PATH: `${folder}:${join(folder, 'three')}` }, folder), three);
  assert.equal(await findHelm({ PATH: folder }, join(folder, 'co')), four);
  await assert.rejects(findHelm({ HELM: old }, folder), /helm v3.13.3, which is too old. Install helm 3.14/);
  await assert.rejects(findHelm({ HELM: join(folder, 'none') }, folder), /none \(from HELM\) does not run/);
  await assert.rejects(findHelm({ PATH: folder }, folder), /helm is not installed. Install helm 3.14[\s\S]*go install/);
});

test('a missing kubeconfig or an unknown context is reported by name', () => {
  const config = join(folder, 'config');
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'here', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'me', user: { token: 't' } }],
      contexts: [{ name: 'one', context: { cluster: 'here', user: 'me', namespace: 'ns' } }],
      'current-context': 'one',
    }),
  );
  assert.equal(loadConfig(config).getContextObject('one')?.namespace, 'ns');
  assert.throws(() => loadConfig(join(folder, 'nothing')), /The kubeconfig .*nothing cannot be read/);
  assert.throws(() => loadConfig(config, 'two'), /--context two: the contexts of the kubeconfig are one/);
});

const deployment = (status: object, replicas = 2, generation = 3) => ({
  metadata: { name: 'almanac-query', generation, labels: { 'app.kubernetes.io/component': 'query' } },
  spec: { replicas, selector: {}, template: {} },
  status: { observedGeneration: generation, ...status },
});

test('a rollout is over when all pods are new, available, and no old one is left', () => {
  const done = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
  assert.ok(progressOf(deployment(done)).isDone);
  assert.ok(!progressOf(deployment({ ...done, observedGeneration: 2 })).isDone, 'the cluster has not seen the change yet');
  assert.ok(!progressOf(deployment({ ...done, replicas: 3 })).isDone, 'an old pod is still there');
  assert.ok(!progressOf(deployment({ ...done, availableReplicas: 1 })).isDone, 'ready, but not for long enough');
  assert.ok(!progressOf(deployment({})).isDone);
  assert.ok(progressOf(deployment({}, 0)).isDone, 'none wanted, none there');
  const half = progressOf(deployment({ replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 }));
  assert.equal(describeProgress(half), 'query: 1 of 2 updated, 2 ready, 2 available, 2 old pods left');
});

test('a store without an update counts as updated, and a quota is an obstacle', () => {
  const set = { metadata: { name: 'r', generation: 1 }, spec: { replicas: 1, serviceName: 'r', selector: {}, template: {} } };
  const status = { observedGeneration: 1, replicas: 1, readyReplicas: 1, availableReplicas: 1, currentRevision: 'a', updateRevision: 'a' };
  assert.ok(progressOf({ ...set, status }).isDone);
  assert.ok(!progressOf({ ...set, status: { ...status, updateRevision: 'b', updatedReplicas: 0 } }).isDone);
  const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: small' }];
  assert.deepEqual(progressOf(deployment({ conditions })).obstacles, ['FailedCreate: exceeded quota: small']);
});

test('what keeps a pod from running is reported with its message; a normal start is not', () => {
  const pod = (containerStatus: object, more = {}) => ({
    metadata: { name: 'p', ...more },
    status: { containerStatuses: [{ name: 'c', image: '', imageID: '', ready: false, restartCount: 0, ...containerStatus }] },
  });
  const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
  const pull = troublesOf(pod(waiting('ImagePullBackOff', 'Back-off pulling image "x:9"')));
  assert.deepEqual(pull, [{ pod: 'p', reason: 'ImagePullBackOff', message: 'Back-off pulling image "x:9"', isStuck: true }]);
  assert.deepEqual(troublesOf(pod(waiting('ContainerCreating'))), []);
  const crash = { ...waiting('CrashLoopBackOff'), restartCount: 3, lastState: { terminated: { exitCode: 1, reason: 'Error' } } };
  assert.match(troublesOf(pod(crash))[0]?.message ?? '', /exit code 1\), restarts 3/);
  assert.deepEqual(troublesOf(pod(crash, { deletionTimestamp: new Date() })), [], 'it is being stopped');
  const pending = {
    metadata: { name: 'p' },
    status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1' }] },
  };
  assert.deepEqual(troublesOf(pending), [{ pod: 'p', reason: 'Unschedulable', message: '0/1', isStuck: false }]);
});

test('an unknown service is reported with the nearest one, a missing one with the list', () => {
  const workloads = ['query', 'jobs'].map((name) => ({ ...deployment({}), metadata: { labels: { 'app.kubernetes.io/component': name } } }));
  const store = {
    metadata: { labels: { 'app.kubernetes.io/component': 'redis' } },
    spec: { serviceName: 'r', selector: {}, template: {} },
  };
  assert.deepEqual(servicesOf([...workloads, store]), ['jobs', 'query']);
  assert.equal(requireService('query', workloads, ''), 'query');
  assert.throws(() => requireService('qurey', workloads, ''), /unknown service 'qurey': must be one of jobs, query; did you mean query\?/);
  assert.throws(() => requireService(undefined, workloads, 'x --tag'), /missing SERVICE: must be one of jobs, query, e.g. {2}x --tag/);
});

test('the tag of an image is found with any registry', () => {
  assert.equal(tagOf('registry:5000/almanac/almanac-query:1.2.0'), '1.2.0');
  assert.equal(tagOf('registry:5000/almanac/almanac-query'), 'latest');
  assert.equal(tagOf(`a/b:1@sha256:${'ab'.repeat(32)}`), 'abababababab');
});

test('a rollback returns to what ran before, never to a revision that was rolled back or failed', () => {
  const backFrom = (...descriptions: string[]) => {
    const history = descriptions.map((description, i) => ({
      revision: i + 1,
      status: description.endsWith('failed') ? 'failed' : i + 1 === descriptions.length ? 'deployed' : 'superseded',
      description,
    }));
    return revisionBefore(history, history.length);
  };
  const [install, upgrade] = ['Install complete', 'Upgrade complete'];
  assert.equal(backFrom(install), undefined);
  assert.equal(backFrom(install, upgrade), 1);
  assert.equal(backFrom(install, upgrade, upgrade, 'Rollback to 2'), 1);
  assert.equal(backFrom(install, upgrade, 'Rollback to 1'), undefined);
  assert.equal(backFrom(install, upgrade, 'Rollback to 1', upgrade), 3);
  assert.equal(backFrom(install, upgrade, 'Rollback to 1', upgrade, 'Rollback to 3'), undefined);
  assert.equal(backFrom(install, 'Upgrade "x" failed', upgrade), 1);
  assert.equal(revisionBefore([{ revision: 7, status: 'deployed', description: 'Rollback to 3' }], 7), undefined, 'helm forgot the third');
});

test('the options of deploy can be parsed', () => {
  const args = readOptions(['upgrade', 'query', '--tag', '1.10', '-n', 'x', '--no-smoke'], deployOptions, 2);
  assert.deepEqual([args.words[1], args.text('tag'), args.text('namespace'), args.has('no-smoke')], ['query', '1.10', 'x', true]);
});
