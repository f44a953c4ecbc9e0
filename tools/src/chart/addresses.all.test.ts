// How callers and services find each other: address families, routes, the path and the names of the gateway.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { V1Service } from '@kubernetes/client-node';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { apps } from '../up/plan.ts';
import { type KubeObject, podTemplate } from './objects.ts';
import { envOf, find } from './parts.ts';
import { installation, render, template } from './render.ts';

const skip = findGoTool(helm) === undefined && missing(helm);
const minimal = installation('minimal');

describe('IPv6', { skip }, () => {
  test('dual stack: every Service has the policy and the families, every service listens on ::', () => {
    const objects = render(installation('ipv6'));
    const services = objects.filter(({ kind }) => kind === 'Service') as V1Service[];
    assert.equal(services.length, 6);
    for (const { spec } of services) assert.deepEqual([spec?.ipFamilyPolicy, spec?.ipFamilies], ['PreferDualStack', ['IPv6', 'IPv4']]);
    for (const app of apps) assert.equal(envOf(objects, app).HOST, '::', app);
  });

  test('only IPv6, by its family', () => {
    const objects = render(minimal, { set: ['network.ipFamilies={IPv6}'] });
    for (const app of apps) assert.equal(envOf(objects, app).HOST, '::', app);
    assert.deepEqual((find(objects, 'Service/x-query') as V1Service).spec?.ipFamilies, ['IPv6']);
  });

  test('by default no family is set, and a HOST of the operator takes precedence', () => {
    const objects = render(minimal);
    assert.equal(envOf(objects, 'query').HOST, undefined);
    assert.ok(!('ipFamilyPolicy' in ((find(objects, 'Service/x-query') as V1Service).spec ?? {})));
    const set = ['network.ipFamilies={IPv6}', 'services.query.env.HOST=fd00::1'];
    const given = podTemplate(find(render(minimal, { set }), 'Deployment/x-query'))?.spec?.containers[0]?.env ?? [];
    assert.deepEqual(
      given.filter(({ name }) => name === 'HOST').map(({ value }) => value),
      ['fd00::1'],
    );
  });

  test('Redis listens on both families, and its probes connect to the pod itself', () => {
    const objects = render(minimal);
    assert.match(find(objects, 'ConfigMap/x-redis').data?.['redis.conf'] ?? '', /^bind \* -::\*$/m);
  });
});

describe('where callers come from', { skip }, () => {
  test('an HTTPRoute beside the Ingress, to the same port, with the same path', () => {
    const objects = render(installation('gateway-api'));
    const route = find(objects, 'HTTPRoute/x-gateway') as KubeObject & { apiVersion: string };
    assert.equal(route.apiVersion, 'gateway.networking.k8s.io/v1');
    assert.deepEqual(route.spec, {
      parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
      hostnames: ['almanac.example.org', '*.almanac.example.org'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/almanac' } }],
          timeouts: { request: '0s' },
          backendRefs: [{ name: 'x-gateway', port: 5000 }],
        },
      ],
    });
    assert.deepEqual(route.metadata?.annotations, { 'example.org/note': 'route' });
    const { rules } = find(objects, 'Ingress/x-gateway').spec as { rules: { host: string; http: { paths: { path: string }[] } }[] };
    assert.deepEqual(
      rules.map(({ host, http }) => `${host}${http.paths[0]?.path}`),
      ['almanac.example.org/almanac', 'data.example.org/almanac'],
    );
  });

  test('only the gateway gets the path and the host names', () => {
    const objects = render(installation('gateway-api'));
    const { PUBLIC_BASE_PATH, PUBLIC_HOSTS } = envOf(objects, 'gateway');
    assert.equal(PUBLIC_BASE_PATH, '/almanac');
    assert.deepEqual(PUBLIC_HOSTS?.split(','), [
      'almanac.example.org',
      'data.example.org',
      '*',
      'x-gateway',
      'x-gateway.default',
      'x-gateway.default.svc',
      'x-gateway.default.svc.cluster.local',
    ]);
    assert.equal(envOf(objects, 'query').PUBLIC_HOSTS, undefined);
    const hosts = (...set: string[]) => envOf(render(minimal, { set }), 'gateway').PUBLIC_HOSTS?.split(',') ?? [];
    assert.ok(hosts('ingress.enabled=true').includes('*'), 'a route for every name');
    assert.ok(!hosts('ingress.enabled=true', 'ingress.host=a.example.org').includes('*'));
    assert.deepEqual(hosts('services.gateway.env.PUBLIC_HOSTS=node1.example.org').slice(0, 2), ['node1.example.org', 'x-gateway']);
    assert.equal(envOf(render(minimal, { set: ['services.gateway.env.PUBLIC_BASE_PATH=/a'] }), 'gateway').PUBLIC_BASE_PATH, '/a');
    assert.equal(envOf(render(minimal), 'gateway').PUBLIC_BASE_PATH, undefined);
    assert.match(
      envOf(render(minimal, { set: ['network.publicHosts={lb.example.org}'] }), 'gateway').PUBLIC_HOSTS ?? '',
      /^lb\.example\.org,x-gateway/,
    );
  });

  test('by default there are no annotations of controllers', () => {
    for (const name of ['prod', 'test', 'minimal'])
      assert.doesNotMatch(template(installation(name)).output, /nginx|traefik|haproxy/i, name);
  });
});
