// Clusters that assign user ids, and sites that name their own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { V1PodSpec } from '@kubernetes/client-node';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { containersOf, type KubeObject } from './objects.ts';
import { podsOf } from './parts.ts';
import { installation, type RenderOptions, render, template } from './render.ts';

const skip = findGoTool(helm) === undefined && missing(helm);
const minimal = installation('minimal');
const every = { set: ['backup.enabled=true', 'debug.enabled=true'] };

describe('arbitrary user ids', { skip }, () => {
  const idsOf = (objects: readonly KubeObject[]) =>
    podsOf(objects).flatMap(([name, { securityContext = {}, ...pod }]) =>
      [securityContext, ...containersOf(pod as V1PodSpec).map((one) => one.securityContext ?? {})].flatMap((context) =>
        ['runAsUser', 'runAsGroup', 'fsGroup', 'fsGroupChangePolicy'].filter((key) => key in context).map((key) => `${name} ${key}`),
      ),
    );
  const ways: readonly (readonly [string, RenderOptions])[] = [
    ['global.openshift=true', { set: [...every.set, 'global.openshift=true'] }],
    ['podSecurityContext=null', { set: [...every.set, 'podSecurityContext=null'] }],
    [
      'null for each member',
      {
        set: [
          ...every.set,
          ...['runAsUser', 'runAsGroup', 'fsGroup', 'fsGroupChangePolicy'].map((key) => `podSecurityContext.${key}=null`),
        ],
      },
    ],
  ];
  for (const [name, options] of ways) {
    test(`${name} sets no id, in services, hooks, backups, Redis and debug`, () => {
      const objects = render(minimal, options);
      assert.ok(podsOf(objects).length >= 9);
      assert.deepEqual(idsOf(objects), []);
      for (const [pod, { securityContext }] of podsOf(objects)) assert.equal(securityContext?.runAsNonRoot, true, pod);
    });
  }

  test('auto detects OpenShift by its API', () => {
    assert.ok(idsOf(render(minimal)).length > 0);
    assert.deepEqual(idsOf(render({ ...minimal, name: 'oc', args: ['--api-versions', 'security.openshift.io/v1'] })), []);
  });

  test('ids of the site are integers in every pod', () => {
    const set = [
      ...every.set,
      'podSecurityContext.runAsUser=1000650000',
      'podSecurityContext.runAsGroup=0',
      'podSecurityContext.fsGroup=1000650000',
    ];
    for (const [pod, { securityContext }] of podsOf(render(minimal, { set }))) {
      assert.deepEqual(
        [securityContext?.runAsUser, securityContext?.runAsGroup, securityContext?.fsGroup],
        [1000650000, 0, 1000650000],
        pod,
      );
    }
    assert.match(template(minimal, { set }).output, /runAsUser: 1000650000\n/);
  });
});
