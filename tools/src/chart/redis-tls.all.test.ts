// TLS between the services and Redis.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { apps } from '../up/plan.ts';
import { podTemplate } from './objects.ts';
import { envOf, find, podsOf } from './parts.ts';
import { installation, render } from './render.ts';

const skip = findGoTool(helm) === undefined && missing(helm);

describe('TLS to Redis', { skip }, () => {
  const objects = () => render(installation('redis-tls'));

  test('Redis accepts only TLS, and only it has the private key', () => {
    const conf = find(objects(), 'ConfigMap/x-redis').data?.['redis.conf'] ?? '';
    for (const line of ['port 0', 'tls-port 6379', 'tls-cert-file /tls/tls.crt', 'tls-key-file /tls/tls.key'])
      assert.match(conf, new RegExp(`^${line}$`, 'm'));
    const whole = podsOf(objects()).filter(([, { volumes = [] }]) =>
      volumes.some(({ secret }) => secret?.secretName === 'almanac-redis-tls' && secret.items === undefined),
    );
    assert.deepEqual(
      whole.map(([name]) => name),
      ['StatefulSet/x-redis'],
    );
  });

  test('every client speaks TLS and verifies the authority', () => {
    for (const app of apps.filter((name) => name !== 'gateway')) {
      const { REDIS_URL, REDIS_TLS_CA } = envOf(objects(), app);
      assert.equal(REDIS_URL, `rediss://${app}:$(REDIS_PASSWORD)@x-redis:6379`);
      assert.equal(REDIS_TLS_CA, '/etc/almanac/redis-tls/ca.crt');
    }
    const mounts = podsOf(objects()).filter(([, pod]) =>
      pod.containers.some(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === 'redis-ca')),
    );
    assert.deepEqual(mounts.map(([name]) => name).sort(), [
      'CronJob/x-backup',
      'Deployment/x-debug',
      'Deployment/x-ingest',
      'Deployment/x-jobs',
      'Deployment/x-query',
      'Deployment/x-renderer',
      'StatefulSet/x-redis',
    ]);
    const probe = podTemplate(find(objects(), 'StatefulSet/x-redis'))?.spec?.containers[0]?.readinessProbe?.exec?.command?.at(-1);
    assert.match(probe ?? '', /redis-cli --tls --cacert \/etc\/almanac\/redis-tls\/ca\.crt --user backup ping/);
  });

  test('KEDA speaks TLS too', () => {
    const keda = render(installation('keda'), { set: ['redis.tls.enabled=true', 'redis.tls.existingSecret=mine'] });
    assert.match(JSON.stringify(find(keda, 'ScaledObject/x-renderer')), /"enableTLS":"true"/);
    assert.match(JSON.stringify(find(keda, 'TriggerAuthentication/x-renderer')), /"parameter":"ca","name":"mine","key":"ca\.crt"/);
  });

  test('an external Redis may have its own certificate authority', () => {
    const place = installation('external-redis');
    assert.equal(envOf(render(place), 'query').REDIS_TLS_CA, undefined);
    assert.equal(envOf(render(place, { set: ['externalRedis.caSecret=ca'] }), 'query').REDIS_TLS_CA, '/etc/almanac/redis-tls/ca.crt');
  });
});
