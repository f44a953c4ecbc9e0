import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { checkServer, type ServerFinding } from './index.ts';

const store = await startTestRedis(['--appendonly', 'yes']);
after(() => store.end());
const redis = store.connect();

const fine = (findings: readonly ServerFinding[]) => Object.fromEntries(findings.map(({ name, isFine }) => [name, isFine]));
const detail = (findings: readonly ServerFinding[], name: string) => findings.find((found) => found.name === name)?.detail;

test('a server that is set up for a queue: all is fine, and reported', async () => {
  const findings = await checkServer(redis);
  assert.deepEqual(fine(findings), { version: true, eviction: true, persistence: true, fsync: true, replication: true });
  assert.match(detail(findings, 'version') as string, /^(Redis|Valkey) \d+\.\d+/);
  assert.equal(detail(findings, 'fsync'), 'appendfsync everysec');
  assert.equal(detail(findings, 'replication'), 'master, replicas: 0, min-replicas-to-write: 0');
});

test('a server that evicts records, and one that persists nothing', async () => {
  const other = await startTestRedis(['--maxmemory-policy', 'allkeys-lru', '--appendfsync', 'no']);
  after(() => other.end());
  const findings = await checkServer(other.connect());
  assert.deepEqual(fine(findings), { version: true, eviction: false, persistence: false, fsync: false, replication: true });
  assert.match(detail(findings, 'eviction') as string, /allkeys-lru.*noeviction/);
});

test('a replica is not fine; its master reports it', async () => {
  const replica: TestRedis = await startTestRedis(['--replicaof', '127.0.0.1', String(store.port)]);
  after(() => replica.end());
  assert.equal(fine(await checkServer(replica.connect())).replication, false);
  while (!/connected_slaves:1/.test(await redis.info('replication'))) await sleep(20);
  assert.match(detail(await checkServer(redis), 'replication') as string, /^master, replicas: 1/);
});

test('if CONFIG is refused, by name or by ACL, other sources are used and the rest is unknown', async () => {
  const renamed = await startTestRedis(['--rename-command', 'CONFIG', '', '--appendonly', 'yes']);
  after(() => renamed.end());
  const findings = await checkServer(renamed.connect());
  assert.deepEqual(fine(findings), { version: true, eviction: true, persistence: true, fsync: undefined, replication: true });
  assert.equal(detail(findings, 'fsync'), 'not reported by the server');

  await redis.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-@dangerous');
  const limited = store.connect().duplicate({ username: 'app', password: 'secret', enableReadyCheck: false });
  limited.on('error', () => {});
  after(() => limited.disconnect());
  assert.ok((await checkServer(limited)).every(({ isFine }) => isFine === undefined));
});

const told = (info: string, appendfsync: string) =>
  ({
    info: async () => `${info}\r\nrole:master\r\n`,
    config: async (_: string, name: string) => [name, appendfsync],
  }) as unknown as typeof redis;

for (const [info, appendfsync, isFine] of [
  ['redis_version:7.0.15', 'everysec', false],
  ['redis_version:7.0.15', 'always', true],
  ['redis_version:7.2.4', 'everysec', true],
  ['redis_version:8.10.1', 'everysec', true],
  ['redis_version:7.2.4\r\nvalkey_version:9.0.4', 'everysec', true],
  ['redis_version:7.2.4\r\nvalkey_version:9.1.2', 'everysec', false],
  ['redis_version:7.2.4\r\nvalkey_version:9.1.2', 'always', true],
] as const) {
  const name = `${info.split('\n').at(-1)}, appendfsync ${appendfsync}`;
  test(`${name} ${isFine ? 'can' : 'cannot'} say that a job is on its disk`, async () => {
    const asked = await checkServer(told(info, appendfsync), { durability: 'fsync' });
    assert.equal(fine(asked).fsync, isFine);
    if (!isFine) assert.match(detail(asked, 'fsync') as string, /appendfsync everysec: must be always, .*cannot confirm durability fsync/);
    assert.equal(fine(await checkServer(told(info, appendfsync))).fsync, true, 'where nobody asks for it');
  });
}

test('a server that is too old', async () => {
  const old = { info: async () => 'redis_version:6.0.16\r\nrole:master\r\n', config: async () => [] } as unknown as typeof redis;
  assert.match(detail(await checkServer(old), 'version') as string, /6\.0\.16.*6\.2/);
});

test('a server that is away is an error', async () => {
  const other = await startTestRedis();
  after(() => other.end());
  const client = other.connect().duplicate({ maxRetriesPerRequest: 0, retryStrategy: () => 20 });
  client.on('error', () => {});
  after(() => client.disconnect());
  await client.ping();
  await other.kill();
  await assert.rejects(checkServer(client));
});
