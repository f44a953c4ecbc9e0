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
  image: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  ports?: string[];
  environment: Record<string, string>;
}
const text = readFileSync(composeFile, 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

test('the five services and the store, each hardened; the door alone is reached from outside', () => {
  assert.deepEqual(Object.keys(services).sort(), [...apps, 'redis'].sort());
  for (const [name, service] of Object.entries(services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    assert.ok(service.restart, name);
    assert.equal(service.ports === undefined, name !== 'gateway', name);
  }
});

test('services find each other at the ports their images have', () => {
  for (const app of ['ingest', 'query', 'jobs'] as const) {
    for (const user of apps) assert.equal(services[user]?.environment[`ALMANAC_${app.toUpperCase()}_URL`], `http://${app}:${portOf(app)}`);
  }
});

test('the store is known to those who use it, and its password not to the gateway', () => {
  for (const app of apps) assert.equal(services[app]?.environment.REDIS_URL !== undefined, app !== 'gateway', app);
  assert.doesNotMatch(JSON.stringify(services.gateway), /REDIS/);
});

test('the example documents every variable of the file, and only those', () => {
  const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const documented = Object.keys(parseEnv(readFileSync(join(root, 'infra/.env.example'), 'utf8')));
  assert.deepEqual(documented.filter((name) => name !== 'COMPOSE_PROJECT_NAME').sort(), [...used].sort());
});

test('settings are written on first use with a password of their own, and the environment wins', () => {
  const [one, other] = [join(folder, 'one.env'), join(folder, 'other.env')] as const;
  readComposeSettings({}, one);
  readComposeSettings({}, other);
  const passwords = [one, other].map((file) => parseEnv(readFileSync(file, 'utf8')).REDIS_PASSWORD);
  assert.match(passwords[0] as string, /^[0-9a-f]{36}$/);
  assert.notEqual(passwords[0], passwords[1]);
  assert.equal(statSync(one).mode & 0o777, 0o600);
  writeFileSync(other, 'ALMANAC_PORT=6000\nALMANAC_TAG=1.2.3\nREDIS_PASSWORD=x\n');
  const settings = readComposeSettings({ ALMANAC_PORT: '7000', ALMANAC_TAG: '' }, other);
  assert.deepEqual([settings.port, settings.tag, settings.env.ALMANAC_TAG, settings.owner], [7000, '1.2.3', '1.2.3', 'localhost']);
});
