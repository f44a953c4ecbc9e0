// What real helm makes of the chart.
import assert from 'node:assert/strict';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { root } from '../system/places.ts';
import { apps } from '../up/plan.ts';
import { chartHash, environments, hashFile, manifestFolder, manifests, manifestText } from './manifests.ts';
import { containersOf, type KubeObject, nameOf, podTemplate } from './objects.ts';
import { complaints } from './policies.ts';
import { chart, type Installation, installation, installations, kubeVersions, lint, render, template } from './render.ts';
import { unknownVariables } from './variables.ts';

const skip = findGoTool(helm) === undefined && missing(helm);
const minimal = installation('minimal');

describe('helm lint', { skip }, () => {
  for (const place of installations.filter(({ args }) => args.length === 0)) {
    test(place.name, () => {
      const { ok, output } = lint(place);
      assert.ok(ok, output);
    });
  }
});

describe('helm template', { skip }, () => {
  for (const place of installations) {
    for (const kubeVersion of kubeVersions) {
      test(`${place.name} on Kubernetes ${kubeVersion} complies with every policy`, () => {
        const objects = render(place, { kubeVersion });
        assert.ok(objects.length >= 10);
        assert.deepEqual(complaints(objects, { assignsIds: place.name === 'openshift' }), []);
        assert.equal(new Set(objects.map(nameOf)).size, objects.length, 'two objects of one name');
      });
    }
  }
});

test('every installation sets only variables that the services define', { skip }, async () => {
  for (const place of installations) {
    for (const [app, deployment] of deployments(render(place))) {
      assert.deepEqual(await unknownVariables(app, deployment), [], `${place.name}, ${app}`);
    }
  }
});

test('every claim is mounted by a pod from the start: with WaitForFirstConsumer, helm --wait would never end otherwise', {
  skip,
}, () => {
  for (const place of installations) {
    const objects = render(place);
    const mounted = objects
      .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
      .flatMap((one) => podTemplate(one)?.spec?.volumes ?? [])
      .map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName);
    for (const { kind, metadata } of objects)
      if (kind === 'PersistentVolumeClaim') assert.ok(mounted.includes(metadata?.name), `${place.name}: ${metadata?.name}`);
  }
});

const deployments = (objects: readonly KubeObject[]): [string, KubeObject][] =>
  apps.flatMap((app) => objects.flatMap((one): [string, KubeObject][] => (nameOf(one) === `Deployment/x-${app}` ? [[app, one]] : [])));

describe('infra/kubernetes (UPDATE_MANIFESTS=1 writes it)', { skip }, () => {
  for (const environment of environments) {
    test(`${environment} is what helm renders`, () => {
      const made = manifests(environment);
      const folder = manifestFolder(environment);
      if (process.env.UPDATE_MANIFESTS === '1') {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        for (const [file, object] of made) writeFileSync(join(folder, file), manifestText(environment, object));
        writeFileSync(hashFile, `${chartHash()}\n`);
      }
      for (const [file, object] of made) assert.equal(readFileSync(join(folder, file), 'utf8'), manifestText(environment, object), file);
    });
  }
});

describe('upgrading', { skip }, () => {
  const replicasOf = (app: string, set: readonly string[]) =>
    render(minimal, { set }).flatMap((one) =>
      nameOf(one) === `Deployment/x-${app}` ? [(one.spec as { replicas?: number }).replicas] : [],
    );
  const templates = (place: Installation, set: readonly string[]) =>
    new Map(
      render(place, { set }).flatMap((one) => (podTemplate(one) === undefined ? [] : [[nameOf(one), JSON.stringify(podTemplate(one))]])),
    );
  const differing = (a: Map<string, string>, b: Map<string, string>) =>
    [...a].filter(([name, text]) => b.get(name) !== text).map(([name]) => name);

  for (const place of [minimal, installation('test'), installation('prod')]) {
    for (const app of apps) {
      test(`${place.name}: a new tag of ${app} changes its pods and no others`, () => {
        const [before, after] = [
          templates(place, ['image.tag=1.0.0']),
          templates(place, ['image.tag=1.0.0', `services.${app}.image.tag=1.0.1`]),
        ];
        // `helm test` runs in the gateway's image.
        const expected = app === 'gateway' ? ['Deployment/x-gateway', 'Job/x-test'] : [`Deployment/x-${app}`];
        assert.deepEqual(differing(before, after).sort(), expected);
      });
    }
  }

  test('a Redis pod that never becomes ready does not block its successor', () => {
    const redis = render(minimal).find((one) => nameOf(one) === 'StatefulSet/x-redis')?.spec as { podManagementPolicy?: string };
    assert.equal(redis.podManagementPolicy, 'Parallel');
  });

  test('a change of the Redis users restarts only Redis', () => {
    const [before, after] = [templates(minimal, []), templates(minimal, ['redis.maxmemory=600mb'])];
    assert.deepEqual(differing(before, after), ['StatefulSet/x-redis']);
  });

  test('replicas are only set by the autoscaler', () => {
    assert.deepEqual(replicasOf('query', []), [2]);
    assert.deepEqual(replicasOf('query', ['services.query.autoscaling.enabled=true']), [undefined]);
  });

  test('a restore is repeated if `again` changes', () => {
    const redis = render(installation('restore'), { set: ['backup.restore.again=twice'] }).find(
      (one) => nameOf(one) === 'StatefulSet/x-redis',
    );
    const script = podTemplate(redis as KubeObject)?.spec?.initContainers?.find(({ name }) => name === 'restore');
    assert.equal(script?.env?.find(({ name }) => name === 'AGAIN')?.value, 'twice');
  });

  test('false and 0 of one service override the shared values', () => {
    const shared = ['defaults.pdb=true', 'services.query.pdb=false', 'services.jobs.replicas=0'];
    const objects = render(minimal, { set: shared });
    assert.ok(!objects.some((one) => nameOf(one) === 'PodDisruptionBudget/x-query'));
    assert.ok(objects.some((one) => nameOf(one) === 'PodDisruptionBudget/x-gateway'));
    assert.deepEqual(replicasOf('jobs', shared), [0]);
  });
});

describe('what is refused, with the value and what to do', { skip }, () => {
  const refusals: readonly (readonly [string, Installation, readonly string[], RegExp])[] = [
    ['no registry', { name: 'none', files: [], args: [] }, [], /global\.imageRegistry is empty: set it/],
    ['a misspelt value', minimal, ['services.query.imag.tag=1'], /services.query.*imag/s],
    ['a value of another type', minimal, ['services.query.replicas=two'], /services.query.replicas/],
    [
      'prod without a token',
      { ...installation('prod'), files: ['values-prod.yaml', 'ci/minimal-values.yaml'] },
      [],
      /auth\.existingSecret.*auth\.enabled=false/,
    ],
    ['prod with latest', installation('prod'), ['services.query.image.tag=latest'], /services\.query\.image\.tag .*'latest'/],
    ['prod with dev', installation('prod'), ['image.tag=dev'], /image\.tag.*'dev'/],
    ['prod with Redis latest', installation('prod'), ['redis.image.tag=latest'], /redis\.image\.tag/],
    [
      'a grace too short',
      minimal,
      ['services.query.terminationGracePeriodSeconds=20'],
      /services\.query\.terminationGracePeriodSeconds is 20.*43/s,
    ],
    [
      'a drawing longer than the grace',
      minimal,
      ['services.renderer.env.RENDER_DEADLINE_MS=120000'],
      /services\.renderer\.longestSeconds to 125/,
    ],
    ['a variable of the chart', minimal, ['services.query.env.PORT=1'], /services\.query\.env\.PORT/],
    [
      'results that fill Redis before the oldest go',
      minimal,
      ['redis.maxmemory=256mb'],
      /services\.jobs\.env\.RESULTS_QUOTA_MB is 160.*256mb.*Set it to 89/s,
    ],
    [
      'numbers that nobody may read',
      minimal,
      ['monitoring.podMonitor.enabled=true', 'networkPolicy.enabled=true'],
      /networkPolicy\.metricsNamespace is empty/,
    ],
    ['no store', minimal, ['redis.enabled=false'], /externalRedis\.url/],
    ['a restore of nothing', minimal, ['backup.restore.enabled=true'], /backup\.restore\.file is empty/],
    ['backups without a volume', minimal, ['backup.enabled=true', 'backup.pvc.enabled=false'], /backup\.enabled needs/],
    ['keda that is kept from Redis', installation('keda'), ['networkPolicy.redisFrom=null'], /networkPolicy\.redisFrom is empty.*keda/s],
    ['keda where it is not', { ...installation('keda'), args: [] }, [], /install KEDA first/],
    [
      'more at least than at most',
      minimal,
      ['services.query.autoscaling.enabled=true', 'services.query.autoscaling.max=1'],
      /autoscaling\.max is 1/,
    ],
    ['a path prefix that is no path', minimal, ['ingress.enabled=true', 'ingress.path=/a(/|$)(.*)'], /ingress\.path/],
    ['a path prefix of dots', minimal, ['ingress.enabled=true', 'ingress.path=/a/..'], /ingress\.path .*'.a.\.\.'/],
    ['a path prefix that is a path of Almanac', minimal, ['ingress.enabled=true', 'ingress.path=/v1'], /ingress\.path .*e\.g\. .almanac/],
    ['a Gateway API route of no Gateway', installation('gateway-api'), ['gatewayApi.parentRefs=null'], /gatewayApi\.parentRefs is empty/],
    ['the Gateway API where it is not', { ...installation('gateway-api'), args: [] }, [], /install the Gateway API first/],
    [
      'two base paths',
      installation('gateway-api'),
      ['ingress.path=/other'],
      /ingress\.path is '.other' and gatewayApi\.path is '.almanac'/,
    ],
    ['two families without a policy', installation('ipv6'), ['network.ipFamilyPolicy='], /network\.ipFamilyPolicy PreferDualStack/],
    ['two families for one', installation('ipv6'), ['network.ipFamilyPolicy=SingleStack'], /network\.ipFamilies is .*IPv6.*IPv4/],
    ['a family that is none', minimal, ['network.ipFamilies[0]=IPv5'], /network\.ipFamilies/],
    ['Redis with TLS and no certificate', minimal, ['redis.tls.enabled=true'], /redis\.tls\.existingSecret is empty.*x-redis/s],
    [
      'TLS of a Redis that is not of the chart',
      installation('external-redis'),
      ['redis.tls.enabled=true'],
      /externalRedis\.url=rediss:..\.\.\., and externalRedis\.caSecret/,
    ],
    ['a label of the chart', minimal, ['commonLabels.app\\.kubernetes\\.io/name=x'], /commonLabels\.app\.kubernetes\.io\.name/],
    ['a pod as root', minimal, ['podSecurityContext.runAsUser=0'], /podSecurityContext\.runAsUser/],
    ['a security context nobody knows', minimal, ['podSecurityContext.privileged=true'], /podSecurityContext.*privileged/s],
    ['a route and a prefix with a query', minimal, ['gatewayApi.path=/a?b'], /gatewayApi\.path/],
    ['TLS without a name', minimal, ['ingress.enabled=true', 'ingress.tls.enabled=true'], /ingress\.host is empty/],
  ];
  for (const [what, place, set, message] of refusals) {
    test(what, () => {
      const { ok, output } = template(place, { set });
      assert.ok(!ok, 'it was accepted');
      // helm 3 writes a path as /services/query, helm 4 as services.query
      assert.match(output.replaceAll('/', '.'), message);
    });
  }

  test('prod with auth.enabled=false, or a token, or a Secret', () => {
    const open = { ...installation('prod'), files: ['values-prod.yaml', 'ci/minimal-values.yaml'] };
    for (const pair of ['auth.enabled=false', 'auth.writeToken=abc', 'auth.existingSecret=mine', 'auth.enabled=true'])
      assert.ok(template(open, { set: [pair] }).ok, pair);
  });
});

describe('small accounts', { skip }, () => {
  const allowed = ['Deployment', 'StatefulSet', 'Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'Job', 'CronJob', 'Ingress'];
  for (const name of ['minimal', 'test', 'restore']) {
    test(`${name} needs only kinds that the user of a namespace may create`, () => {
      assert.deepEqual(
        render(installation(name))
          .filter(({ kind = '' }) => !allowed.includes(kind))
          .map(nameOf),
        [],
      );
    });
  }

  test('values-test requests at most 1 processor and 2 GiB, with the largest pod twice and the test and a backup running', () => {
    const pods = render(installation('test')).flatMap((one) => requestsOf(one));
    const sum = (of: (pod: Requests) => number) => pods.reduce((total, pod) => total + pod.count * of(pod), 0) + Math.max(...pods.map(of));
    assert.ok(sum(({ cpu }) => cpu) <= 1000, `${sum(({ cpu }) => cpu)} m`);
    assert.ok(sum(({ memory }) => memory) <= 2048, `${sum(({ memory }) => memory)} Mi`);
  });

  test('claims are kept when the release is removed, and the password that opens them', () => {
    const keep = (one: KubeObject) => one.metadata?.annotations?.['helm.sh/resource-policy'] === 'keep';
    const kept = render(minimal).filter(keep).map(nameOf);
    assert.deepEqual(kept.sort(), ['PersistentVolumeClaim/x-backup', 'Secret/x-redis']);
    const redis = render(minimal).find((one) => nameOf(one) === 'StatefulSet/x-redis')?.spec as Record<string, unknown>;
    assert.deepEqual(redis.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
    assert.equal((redis.volumeClaimTemplates as V1PersistentVolumeClaim[])[0]?.spec?.resources?.requests?.storage, '2Gi');
  });
});

test('the volume of Redis has room for its file, twice the data, and a file that is being written', { skip }, () => {
  for (const file of ['values.yaml', 'values-test.yaml', 'values-prod.yaml']) {
    const { persistence, maxmemory } = parse(readFileSync(join(chart, file), 'utf8')).redis;
    const mebibytes = (text: string) => Number.parseInt(text, 10) * (/g/i.test(text) ? 1024 : 1);
    assert.ok(mebibytes(persistence.size) >= 4 * mebibytes(maxmemory), `${file}: ${persistence.size} for ${maxmemory}`);
  }
});

interface Peer {
  podSelector?: { matchLabels: Record<string, string> };
}
interface Rules {
  egress?: { to?: Peer[] }[];
  /** null where nobody is let in */
  ingress?: { from?: Peer[] }[] | null;
}

interface Requests {
  count: number;
  cpu: number;
  memory: number;
}

/** What the pods of an object ask for: milli-processors and MiB. */
function requestsOf(object: KubeObject): Requests[] {
  const pod = podTemplate(object)?.spec;
  if (pod === undefined) return [];
  const total = (containers: typeof pod.containers, what: string, unit: RegExp) =>
    containers.reduce((sum, { resources }) => sum + Number(unit.exec(String(resources?.requests?.[what]))?.[1]), 0);
  const most = (what: string, unit: RegExp) =>
    Math.max(total(pod.containers, what, unit), ...containersOf(pod).map((one) => total([one], what, unit)));
  const { replicas = 1 } = object.spec as { replicas?: number };
  return [{ count: replicas, cpu: most('cpu', /^(\d+)m$/), memory: most('memory', /^(\d+)Mi$/) }];
}

test('a backup runs on the node of Redis, so that a restore can mount both volumes', { skip }, () => {
  const set = ['redis.nodeSelector.disk=fast', 'redis.tolerations[0].key=disk'];
  const cronJob = render(minimal, { set }).find((one) => nameOf(one) === 'CronJob/x-backup') as KubeObject;
  const redis = render(minimal, { set }).find((one) => nameOf(one) === 'StatefulSet/x-redis') as KubeObject;
  const [backup, store] = [podTemplate(cronJob)?.spec, podTemplate(redis)];
  const [near] = backup?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  assert.equal(near?.topologyKey, 'kubernetes.io/hostname');
  for (const [key, value] of Object.entries(near?.labelSelector?.matchLabels ?? { none: '' }))
    assert.equal(store?.metadata?.labels?.[key], value, key);
  assert.deepEqual([backup?.nodeSelector, backup?.tolerations], [{ disk: 'fast' }, [{ key: 'disk' }]]);
});

describe('what watches and guards', { skip }, () => {
  const objects = () => render(installation('everything'));
  const readme = readFileSync(join(chart, 'README.md'), 'utf8');
  interface Alert {
    alert: string;
    expr: string;
    labels: Record<string, string>;
  }
  const alerts = (set: readonly string[] = []) =>
    render(installation('everything'), { set }).flatMap(({ kind, spec }) =>
      kind === 'PrometheusRule' ? (spec as { groups: { rules: Alert[] }[] }).groups.flatMap(({ rules }) => rules) : [],
    );
  const gone = (set?: readonly string[]) => alerts(set).flatMap(({ alert, labels }) => (alert === 'AlmanacGone' ? [labels.service] : []));

  test('an alert fires for each service that is gone', () => {
    assert.deepEqual(gone().sort(), [...apps].sort());
    assert.ok(!gone(['services.renderer.replicas=0']).includes('renderer'));
  });

  test('alerts cover refused requests, audit findings and the settings of the store', () => {
    const watched = alerts()
      .map(({ expr }) => expr)
      .join('\n');
    for (const metric of ['gateway_failures_total', 'queue_audit_violations_total', 'queue_server_fine']) {
      assert.ok(watched.includes(`${metric}{namespace=`), metric);
    }
  });

  test('every metric of an alert is one that a service exports', () => {
    const sources = globSync(join(root, '{apps,libs}/*/src/**/*.ts')).filter((file) => !file.endsWith('.test.ts'));
    const made = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    const metrics = new Set(alerts().flatMap(({ expr }) => [...expr.matchAll(/([a-z_]+)\{/g)].map(([, name]) => name as string)));
    assert.ok(metrics.size >= 6);
    for (const name of metrics) assert.ok(name === 'up' || made.includes(`'${name.replace(/_(count|bucket)$/, '')}'`), name);
  });

  test('the README lists every alert and every network policy', () => {
    for (const { alert } of alerts()) assert.ok(readme.includes(`| \`${alert}\` |`), alert);
    const policies = objects().flatMap(({ kind, metadata }) => (kind === 'NetworkPolicy' ? [metadata?.name as string] : []));
    assert.ok(policies.length >= 8);
    for (const name of policies) assert.ok(readme.includes(`\`${name.replace(/^x-/, '<release>-')}\``), name);
  });
});

describe('the door to the store', { skip }, () => {
  test('each service logs in as itself, with a password from a Secret', () => {
    const objects = render(minimal);
    for (const app of apps.filter((name) => name !== 'gateway')) {
      const env = podTemplate(objects.find((one) => nameOf(one) === `Deployment/x-${app}`) as KubeObject)?.spec?.containers[0]?.env ?? [];
      assert.equal(env.find(({ name }) => name === 'REDIS_URL')?.value, `redis://${app}:$(REDIS_PASSWORD)@x-redis:6379`);
      assert.deepEqual(env.find(({ name }) => name === 'REDIS_PASSWORD')?.valueFrom, {
        secretKeyRef: { name: 'x-redis', key: `${app}-password` },
      });
    }
    const secret = objects.find((one) => nameOf(one) === 'Secret/x-redis') as KubeObject;
    const passwords = Object.values(secret.data ?? {}).map((value) => Buffer.from(value, 'base64').toString());
    assert.equal(new Set(passwords).size, 7);
    for (const password of passwords) assert.match(password, /^[A-Za-z0-9]{32}$/);
  });

  test('KEDA logs in as the user that may only read the length of a list, and can connect to Redis', () => {
    const objects = render(installation('keda'));
    const specOf = (name: string) => JSON.stringify(objects.find((one) => nameOf(one) === name)?.spec);
    assert.match(specOf('TriggerAuthentication/x-renderer'), /"name":"x-redis","key":"keda-password"/);
    assert.match(specOf('ScaledObject/x-renderer'), /"username":"keda"/);
    assert.match(specOf('NetworkPolicy/x-redis'), /"app":"keda-operator".*?"ports":\[\{"port":6379\}\]/);
  });

  test('network policies let each component reach only what it needs', () => {
    const place = installation('everything');
    const policies = render(place).filter(({ kind }) => kind === 'NetworkPolicy');
    const ofEach = (peersOf: (rules: Rules) => Peer[], write: (mine: string, other: string) => string) =>
      policies
        .flatMap(({ metadata, spec }) =>
          peersOf(spec as Rules).flatMap(({ podSelector }) => {
            const other = podSelector?.matchLabels['app.kubernetes.io/component'];
            return other === undefined ? [] : [write(metadata?.name?.slice(2) as string, other)];
          }),
        )
        .sort();
    const edges = ofEach(
      ({ egress = [] }) => egress.flatMap(({ to = [] }) => to),
      (mine, other) => `${mine} ${other}`,
    );
    const heard = ofEach(
      ({ ingress }) => (ingress ?? []).flatMap(({ from = [] }) => from),
      (mine, other) => `${other} ${mine}`,
    );
    assert.deepEqual(heard, edges, 'who may speak to a component is who it listens to');
    assert.deepEqual(edges, [
      'backup redis',
      'debug gateway',
      'debug redis',
      'gateway ingest',
      'gateway jobs',
      'gateway query',
      'ingest redis',
      'jobs redis',
      'query redis',
      'renderer query',
      'renderer redis',
      'test gateway',
    ]);
  });

  test('every key of an external Redis that a pod uses is documented beside the value', () => {
    const place = installation('external-redis');
    const about = /^(.*keyPerService.*)$/m.exec(readFileSync(join(chart, 'README.md'), 'utf8'))?.[1] ?? '';
    const keys = JSON.stringify(render(place, { set: ['debug.enabled=true'] })).matchAll(/"name":"managed-redis","key":"([^"]+)"/g);
    const asked = new Set([...keys].map(([, key]) => key as string));
    assert.equal(asked.size, 5);
    for (const key of asked) assert.ok(about.includes(key), key);
  });

  test('there is a block of values for every service', () => {
    const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));
    assert.deepEqual(Object.keys(values.services).sort(), [...apps].sort());
  });
});
