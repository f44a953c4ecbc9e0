// Services that cannot connect or log in to the store log the error, without passwords and tokens. The tests read all their output.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startTestRedis, type TestRedis } from '@almanac/testkit';
import { type Service, services } from './stack.ts';

const root = join(import.meta.dirname, '../..');
const PASSWORD = 'correct-horse';
let store: TestRedis;
before(async () => {
  store = await startTestRedis();
});
after(() => store.end());

/** Starts a service, sends a request with a token, and returns its output until it ended or `until` matched. */
async function outputOf(service: Service, env: Record<string, string>, until: RegExp): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: join(root, 'apps', service),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), DRAIN_SECONDS: '0', LOG_LEVEL: 'trace', ...addresses, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'exit');
  const isOver = () => child.exitCode !== null || until.test(output);
  for (let i = 0; i < 400 && !isOver(); i++) await sleep(50);
  const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init).catch(() => undefined);
  if (child.exitCode === null) {
    const headers = { authorization: `Bearer ${PASSWORD}`, 'worker-token': PASSWORD };
    await ask(`/v1/jobs/x/finish?token=${PASSWORD}`, { method: 'POST', headers });
    await ask(`/v1/jobs/x/finish?%74oken=${PASSWORD}`, { method: 'POST', headers });
    await ask(`/nothing?token=${PASSWORD}`, { headers });
    await ask('/readyz');
    child.kill('SIGTERM');
  }
  await ended;
  return output;
}
const addresses = {
  ALMANAC_INGEST_URL: 'http://127.0.0.1:1',
  ALMANAC_QUERY_URL: 'http://127.0.0.1:1',
  ALMANAC_JOBS_URL: 'http://127.0.0.1:1',
};

const started = /listening|Server listening/i;
const away = /redis connection lost/;
const users = services.filter((name) => name !== 'gateway');

/** The same code parses every address, so each of these is tested with one service. */
const malformed = [
  `redis://u:${PASSWORD}/x@host:6379`,
  `redis://u:${PASSWORD}%zz@host:6379`,
  `redis://u:${PASSWORD}@host:99999`,
  `http://u:${PASSWORD}@host`,
  `redis://:${PASSWORD}`,
  `u:${PASSWORD}@host`,
];
test('no service logs the password of an invalid address', { timeout: 120_000 }, async () => {
  for (const [i, url] of malformed.entries()) {
    const output = await outputOf(users[i % users.length] as Service, { REDIS_URL: url }, started);
    assert.match(output, /REDIS_URL/);
    assert.ok(!output.includes(PASSWORD), output);
  }
});

for (const [what, url] of [
  ['that the store refuses', () => `redis://u:${PASSWORD}@127.0.0.1:${store.port}`],
  ['of a port at which nothing listens', () => `redis://u:${PASSWORD}@127.0.0.1:1`],
  ['of a host that does not exist', () => `redis://u:${PASSWORD}@store.invalid`],
  ['for TLS, which the store does not have', () => `rediss://u:${PASSWORD}@127.0.0.1:${store.port}`],
] as const) {
  test(`no service logs a password ${what}`, { timeout: 120_000 }, async () => {
    const outputs = await Promise.all(users.map((service) => outputOf(service, { REDIS_URL: url() }, away)));
    for (const output of outputs) {
      assert.notEqual(output, '');
      assert.ok(!output.includes(PASSWORD), output);
    }
  });
}

test('the gateway logs neither its write token nor the token of a caller', { timeout: 60_000 }, async () => {
  for (const env of [{ ALMANAC_WRITE_TOKEN: PASSWORD }, { ALMANAC_WRITE_TOKEN: 'x', ALMANAC_QUERY_URL: `ftp://u:${PASSWORD}@query` }]) {
    const output = await outputOf('gateway', env as Record<string, string>, started);
    assert.notEqual(output, '');
    assert.ok(!output.includes(PASSWORD), output);
  }
});
