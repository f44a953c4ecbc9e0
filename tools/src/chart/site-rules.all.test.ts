// What a site has rules for: labels, names, accounts, sidecars, the ways out, digests.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { apps } from '../up/plan.ts';
import { containersOf, nameOf, podTemplate } from './objects.ts';
import { find, podsOf } from './parts.ts';
import { chart, installation, render, template } from './render.ts';

const skip = findGoTool(helm) === undefined && missing(helm);

describe('the rules of a site', { skip }, () => {
  const objects = () => render(installation('site'));
  const named = (kind: string, component: string) => find(objects(), `${kind}/physics-almanac-${component}`);

  test('common labels and annotations are on every object, the labels on every pod, and in no selector', () => {
    for (const one of objects().filter(({ metadata }) => !/note$|more$/.test(metadata?.name ?? ''))) {
      assert.equal(one.metadata?.labels?.team, 'physics', nameOf(one));
      assert.equal(one.metadata?.labels?.['example.org/cost-centre'], '4711', nameOf(one));
      assert.equal(one.metadata?.annotations?.['example.org/contact'], 'physics@example.org', nameOf(one));
      if (podTemplate(one)) assert.equal(podTemplate(one)?.metadata?.labels?.team, 'physics', nameOf(one));
      const { selector, volumeClaimTemplates } = (one.spec ?? {}) as { selector?: object; volumeClaimTemplates?: object };
      assert.doesNotMatch(JSON.stringify([selector, volumeClaimTemplates]), /team|cost-centre/, nameOf(one));
    }
  });

  test('names start with the prefix of the site, and all references match', () => {
    for (const { metadata } of objects()) assert.match(metadata?.name ?? '', /^(physics-almanac-|x-note$)/);
    const text = template(installation('site')).output.replaceAll('registry.example.org/owner/almanac-', '');
    assert.doesNotMatch(text, /\bx-(gateway|ingest|query|jobs|renderer|redis|backup)\b/);
    assert.doesNotMatch(text, /app\.kubernetes\.io\/name: almanac/);
  });

  test('accounts, priorities, sidecars, variables and constraints reach their pods', () => {
    const pod = (component: string, kind = 'Deployment') => podTemplate(named(kind, component))?.spec;
    assert.deepEqual(
      [pod('query')?.serviceAccountName, pod('redis', 'StatefulSet')?.serviceAccountName, pod('backup', 'CronJob')?.serviceAccountName],
      ['physics-almanac-query', 'store', 'store'],
    );
    assert.deepEqual(
      [pod('query')?.priorityClassName, pod('jobs')?.priorityClassName, pod('redis', 'StatefulSet')?.priorityClassName],
      ['readers', 'standard', 'critical'],
    );
    for (const [name, spec] of podsOf(objects())) {
      assert.deepEqual(spec.imagePullSecrets, [{ name: 'registry-login' }], name);
      assert.equal(spec.automountServiceAccountToken, false, name);
    }
    assert.deepEqual(
      pod('jobs')?.containers.map(({ name }) => name),
      ['jobs', 'proxy'],
    );
    assert.deepEqual(
      pod('ingest')?.initContainers?.map(({ name }) => name),
      ['wait'],
    );
    assert.equal(pod('ingest')?.containers[0]?.env?.find(({ name }) => name === 'HTTPS_PROXY')?.valueFrom?.secretKeyRef?.key, 'url');
    const [spread] = pod('query')?.topologySpreadConstraints ?? [];
    assert.equal(spread?.topologyKey, 'topology.kubernetes.io/zone');
    assert.equal(spread?.labelSelector?.matchLabels?.['app.kubernetes.io/component'], 'query');
    assert.equal(named('ServiceAccount', 'ingest').metadata?.annotations?.['example.org/role'], 'reader');
  });

  test('extra objects are rendered, as maps and as text', () => {
    assert.ok(find(objects(), 'ConfigMap/x-note'));
    assert.ok(named('ConfigMap', 'more'));
  });

  test('the case h02 finds nothing', () => {
    const [program] = [findGoTool(helm) as string];
    const text = execFileSync(
      program,
      ['template', 'x', '--kube-version', '1.34.0', chart, '--set', 'global.imageRegistry=r/y,global.openshift=true'],
      {
        encoding: 'utf8',
      },
    );
    assert.doesNotMatch(text, /runAsUser|runAsGroup|fsGroup:/);
  });
});

interface Block {
  cidr: string;
  except?: string[];
}

describe('what ingest may load from', { skip }, () => {
  const blocks = (set: readonly string[] = []) => {
    const { egress } = find(render(installation('prod'), { set }), 'NetworkPolicy/x-ingest').spec as {
      egress: { to?: { ipBlock?: Block }[]; ports: { port: number }[] }[];
    };
    return egress.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : [])));
  };

  test('values-prod closes link-local and private ranges of both families', () => {
    const [four, six] = blocks();
    assert.equal(four?.cidr, '0.0.0.0/0');
    for (const range of ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '100.64.0.0/10'])
      assert.ok(four?.except?.includes(range), range);
    assert.equal(six?.cidr, '::/0');
    for (const range of ['fc00::/7', 'fe80::/10', '64:ff9b::a9fe:0/112']) assert.ok(six?.except?.includes(range), range);
  });

  test('a private source of the site can be reached', () => {
    assert.ok(blocks(['networkPolicy.ingestTo[0].ipBlock.cidr=10.20.0.0/16']).some(({ cidr }) => cidr === '10.20.0.0/16'));
  });

  test('no other service reaches anything outside', () => {
    const others = render(installation('prod')).filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata?.name !== 'x-ingest');
    assert.ok(others.length >= 6);
    for (const one of others) assert.doesNotMatch(JSON.stringify((one.spec as { egress: unknown }).egress), /ipBlock/, nameOf(one));
  });
});

test('a digest replaces the tag, for each service and for Redis', { skip }, () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const set = [...apps.map((app) => `services.${app}.image.digest=${digest}`), `redis.image.digest=${digest}`];
  const images = podsOf(render(installation('prod'), { set })).flatMap(([, pod]) => containersOf(pod).map(({ image }) => image as string));
  assert.ok(images.length >= 9);
  for (const image of images) assert.ok(image.endsWith(`@${digest}`), image);
});
