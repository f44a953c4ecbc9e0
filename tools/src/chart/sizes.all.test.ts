// The memory limits of the chart follow from the limits table: what a pod may hold at once fits into it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { root } from '../system/places.ts';
import { apps } from '../up/plan.ts';
import { type KubeObject, podTemplate } from './objects.ts';
import { find } from './parts.ts';
import { installation, render } from './render.ts';
import { requestsOf } from './requests.ts';
import { describeSum, mibOf, partsOf, resourcesOf, total } from './sizes.ts';

const skip = findGoTool(helm) === undefined && missing(helm);

for (const name of ['minimal', 'test', 'prod']) {
  describe(`memory of ${name}`, { skip }, () => {
    for (const app of apps) {
      test(`${app} has memory for all that its limits allow`, () => {
        const resources = resourcesOf(app, render(installation(name)));
        const parts = partsOf(app, resources);
        assert.ok(
          parts.every(({ mib }) => mib > 0),
          describeSum(parts),
        );
        assert.ok(total(parts) <= resources.limitMib, `${app} may take ${describeSum(parts)}, its limit is ${resources.limitMib} MiB`);
      });
    }

    test('Redis has memory for the copy it makes while it rewrites its file', () => {
      const objects = render(installation(name));
      const container = podTemplate(find(objects, 'StatefulSet/x-redis'))?.spec?.containers[0];
      const limitMib = mibOf(container?.resources?.limits?.memory ?? '');
      assert.ok(limitMib >= 2 * maxmemoryMib(objects), `${limitMib} MiB for maxmemory ${maxmemoryMib(objects)} MiB`);
    });
  });
}

test('docs/deploy.md states what values-prod requests of a cluster', { skip }, () => {
  const { processors, mib } = requestsOf(render(installation('prod')));
  const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
  const output = `| ${processors} processors and ${(mib / 1024).toFixed(1)} GiB of memory requested`;
  assert.ok(page.includes(output), output);
});

function maxmemoryMib(objects: readonly KubeObject[]): number {
  const [, number = '', unit = ''] = /^maxmemory (\d+)(mb|gb)$/m.exec(find(objects, 'ConfigMap/x-redis').data?.['redis.conf'] ?? '') ?? [];
  return Number(number) * (unit === 'gb' ? 1024 : 1);
}

test('a pod that may use more than its limit is detected', { skip }, () => {
  const resources = { ...resourcesOf('gateway', render(installation('minimal'))), limitMib: 100 };
  assert.ok(total(partsOf('gateway', resources)) > 100);
});
