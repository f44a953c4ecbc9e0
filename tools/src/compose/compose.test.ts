import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { portOf } from '../images/build.ts';
import { root } from '../system/places.ts';
import { apps } from '../up/plan.ts';
import { composeFile, readComposeSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-compose-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Service {
  command?: string[];
  healthcheck?: object;
  mem_limit?: string;
  image: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  ports?: string[];
  environment: Record<string, string>;
}
interface Limited {
  resources?: { limits: { memory: string } };
}
interface Values {
  defaults: Limited;
  services: Record<string, Limited>;
  redis: Limited & { maxmemory: string };
}
const text = readFileSync(composeFile, 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

test('the five services and the store are hardened; only the gateway is reachable from outside', () => {
  assert.deepEqual(Object.keys(services).sort(), [...apps, 'redis'].sort());
  for (const [name, service] of Object.entries(services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    assert.ok(service.restart, name);
    assert.equal(service.ports === undefined, name !== 'gateway', name);
  }
});

test('services use the ports in the images of the others', () => {
  for (const app of ['ingest', 'query', 'jobs'] as const) {
    for (const user of apps) assert.equal(services[user]?.environment[`ALMANAC_${app.toUpperCase()}_URL`], `http://${app}:${portOf(app)}`);
  }
});

test('each service has only its own store password; the gateway has none', () => {
  for (const app of apps) {
    const expected = app === 'gateway' ? undefined : `redis://${app}:\${REDIS_${app.toUpperCase()}_PASSWORD}@redis:6379`;
    assert.equal(services[app]?.environment.REDIS_URL, expected);
    const passwords = new Set(JSON.stringify(services[app]).match(/REDIS_\w+_PASSWORD/g));
    assert.deepEqual([...passwords], app === 'gateway' ? [] : [`REDIS_${app.toUpperCase()}_PASSWORD`]);
  }
});

test('no command line contains a password, and every container has the memory limit of the chart', () => {
  const bytes = (size: string) => Number.parseInt(size, 10) * (/g/i.test(size) ? 1024 : 1);
  const values = parse(readFileSync(join(root, 'helm/almanac/values.yaml'), 'utf8')) as Values;
  for (const [name, { command, healthcheck, mem_limit = '' }] of Object.entries(services)) {
    assert.doesNotMatch(JSON.stringify([command, healthcheck]), /PASSWORD|\$\{/, name);
    const { resources } = name === 'redis' ? values.redis : { ...values.defaults, ...values.services[name] };
    assert.equal(bytes(mem_limit.replace(/^\$\{\w+:-(.*)\}$/, '$1')), bytes(resources?.limits.memory as string), name);
  }
  assert.equal(services.redis?.environment.MAXMEMORY, `\${REDIS_MAXMEMORY:-${values.redis.maxmemory}}`);
});

test('the example documents every variable of the file, and only those', () => {
  const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const documented = Object.keys(parseEnv(readFileSync(join(root, 'infra/.env.example'), 'utf8')));
  assert.deepEqual(documented.filter((name) => name !== 'COMPOSE_PROJECT_NAME').sort(), [...used].sort());
});

test('settings are created on first use with passwords, completed for an earlier version, and overridden by the environment', () => {
  const [one, other] = [join(folder, 'one.env'), join(folder, 'other.env')] as const;
  readComposeSettings({}, one);
  readComposeSettings({}, other);
  const passwords = [one, other].flatMap((file) =>
    Object.entries(parseEnv(readFileSync(file, 'utf8'))).flatMap(([name, value]) =>
      /^REDIS_(?!WORKER).*_PASSWORD$/.test(name) ? [value as string] : [],
    ),
  );
  for (const password of passwords) assert.match(password, /^[0-9a-f]{36}$/);
  assert.deepEqual([passwords.length, new Set(passwords).size], [12, 12]);
  assert.equal(statSync(one).mode & 0o777, 0o600);
  writeFileSync(other, 'ALMANAC_PORT=6000\nALMANAC_TAG=1.2.3\nREDIS_PASSWORD=x\n');
  readComposeSettings({}, other);
  const upgraded = parseEnv(readFileSync(other, 'utf8'));
  assert.match(upgraded.REDIS_JOBS_PASSWORD ?? '', /^[0-9a-f]{36}$/);
  readComposeSettings({}, other);
  assert.deepEqual(parseEnv(readFileSync(other, 'utf8')), upgraded, 'a second start changes nothing');
  const settings = readComposeSettings({ ALMANAC_PORT: '7000', ALMANAC_TAG: '' }, other);
  assert.deepEqual([settings.port, settings.tag, settings.env.ALMANAC_TAG, settings.owner], [7000, '1.2.3', '1.2.3', 'localhost']);
});
