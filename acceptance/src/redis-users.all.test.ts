// The permissions of services in the store: each logs in as its own user, can do its work, and is denied the keys of others.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { Client } from './client.ts';
import { passwordOf, UsersFile, userNames, usersText } from './redis-users.ts';
import { Stack } from './stack.ts';

const connect = (port: number, user: string): Redis =>
  new Redis(port, '127.0.0.1', { username: user, password: passwordOf(user), protocol: 2, maxRetriesPerRequest: 1 });

/** The outcome of a command: done, refused for lack of permission, or another reply of a server that permits it. */
async function outcome(redis: Redis, [name, ...words]: readonly string[]): Promise<'done' | 'refused'> {
  try {
    await redis.call(name as string, ...words);
    return 'done';
  } catch (error) {
    return /NOPERM|can't (?:access|run)|no permissions|not allowed/i.test((error as Error).message) ? 'refused' : 'done';
  }
}

/** Who may read (r) and write (w) each family of keys; others may do neither. The families are those of docs/architecture.md. */
const rights: Readonly<Record<string, Readonly<Record<string, 'r' | 'w' | 'rw'>>>> = {
  'ds:list': { ingest: 'rw', query: 'r', jobs: 'r' },
  'ds:m:{id}': { ingest: 'rw', query: 'r', jobs: 'r' },
  ...Object.fromEntries(
    ['ds:l:{id}', 'ds:c:{id}:<gen>', 'ds:k:{id}:<gen>', 'ds:h:{id}:<gen>', 'ds:r:{id}:<gen>', 'ds:i:{id}'].map((key) => [
      key,
      { ingest: 'rw', query: 'r' },
    ]),
  ),
  Q: { jobs: 'rw', renderer: 'rw', worker: 'rw', keda: 'rw' },
  ...Object.fromEntries(
    [
      'j:<id>',
      'in:<wid>',
      'w:<wid>',
      'wk',
      'all',
      'lost',
      'dd:<sha256>',
      'd',
      'of:<id>',
      'cx:<wid>',
      'ik:<sha256>',
      'paused',
      'audited',
      'touched',
    ].map((key) => [`T:${key}`, { jobs: 'rw', renderer: 'rw' }]),
  ),
  processes: { jobs: 'rw' },
  'result:<job id>:<token>:<name>': { jobs: 'rw', renderer: 'w' },
  'result:<job id>:<token>:<name>:sha256': { jobs: 'rw', renderer: 'w' },
  'result:<job id>:<token>:<name>:pieces:<random>': { jobs: 'rw', renderer: 'w' },
  // Results of workers of other processes: one over HTTP, and one of another queue.
  'result:<job id>:lease60000-0123456789abcdef:mSecretSecretSecretSec:png': { jobs: 'rw' },
  'result:<job id>:load-0123456789abcdef:7:json': { jobs: 'rw' },
  'result:plot-0123456789abcdef:7:json': { jobs: 'rw' },
  // Of a renderer of the previous release.
  'result:<job id>:0123456789abcdef:7:png': { jobs: 'rw', renderer: 'w' },
  'result:index': { jobs: 'rw' },
  'result:saved': { jobs: 'rw', renderer: 'w' },
  'image:<data set>': { jobs: 'rw' },
  // Other keys: a queue that a program registered, and keys of unknown origin.
  'hotqueue:density': { jobs: 'rw', worker: 'rw', keda: 'rw' },
  '{hotqueue:density}:j:1': { jobs: 'rw' },
  'somebody:else': {},
};
const keyOf = (family: string) =>
  family
    .replace(/^Q$/, 'hotqueue:plot')
    .replace(/^T:/, '{hotqueue:plot}:')
    .replace('<job id>', '8e03978e-40d5-43e8-bc93-6894a57f9324')
    .replace('<token>', 'plot-0123456789abcdef:7')
    .replace(/<[^>]*>/g, 'x1');

test('every family of keys in docs/architecture.md has permissions here', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([^`]+)` \| (?:SET|HASH|STREAM|STRING|LIST|ZSET) \|/gm)].map(([, key]) => key as string);
  assert.ok(listed.length >= 20, `the page lists ${listed.length} families`);
  assert.deepEqual(
    listed.filter((key) => !(key in rights)),
    [],
  );
});

describe('keys', () => {
  // All commands, so that only the key can be denied; and the default user, with which the test starts its store.
  const everyCommand = usersText.replace(/ -@all .*$/gm, ' +@all').replace('user default off', 'user default on nopass');
  const file = new UsersFile(everyCommand);
  let store: TestRedis;
  before(async () => {
    store = await startTestRedis(['--aclfile', file.path]);
  });
  after(async () => {
    await store.end();
    file.end();
  });
  for (const user of userNames.filter((name) => name !== 'admin')) {
    test(`${user} reads and writes its own keys, and is denied others`, async () => {
      const redis = connect(store.port, user);
      for (const [family, of] of Object.entries(rights)) {
        const key = keyOf(family);
        const may = of[user] ?? '';
        assert.equal(await outcome(redis, ['DUMP', key]), may.includes('r') ? 'done' : 'refused', `${user} reads ${key}`);
        assert.equal(await outcome(redis, ['DEL', key]), may.includes('w') ? 'done' : 'refused', `${user} writes ${key}`);
      }
      redis.disconnect();
    });
  }

  test('a script has only the permissions of its user', async () => {
    const redis = connect(store.port, 'jobs');
    const script = "return redis.call('DEL', 'ds:m:{id}')";
    assert.equal(await outcome(redis, ['EVAL', script, '0']), 'refused');
    redis.disconnect();
  });

  test('a channel has the permissions of its queue', async () => {
    for (const [user, channel, expected] of [
      ['jobs', '{hotqueue:density}:ev', 'done'],
      ['renderer', '{hotqueue:plot}:ctl', 'done'],
      ['renderer', '{hotqueue:density}:ev', 'refused'],
      ['query', '{hotqueue:plot}:ev', 'refused'],
      ['worker', '{hotqueue:plot}:ctl', 'refused'],
    ] as const) {
      const redis = connect(store.port, user);
      assert.equal(await outcome(redis, ['PUBLISH', channel, 'word']), expected, `${user} ${channel}`);
      redis.disconnect();
    }
  });
});

describe('the product, each service with its own user', () => {
  const file = new UsersFile();
  const stack = new Stack({}, { arguments: ['--aclfile', file.path], login: (service) => `${service}:${passwordOf(service)}@` });
  let client: Client;
  before(async () => {
    await stack.start();
    client = new Client(stack.url);
  });
  after(async () => {
    await stack.end();
    file.end();
  });
  const post = (path: string, body: unknown = {}) =>
    client.ask('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const rows = [
    'id,name,year,recclass,mass (g)',
    ...Array.from({ length: 3000 }, (_, i) => `${i},n${i},${1900 + (i % 100)},L${i % 7},${i}`),
  ];

  test('loads, queries, draws, cancels, revives, deletes', async () => {
    assert.ok((await client.put('/v1/datasets/stones', rows.join('\n'))).status < 300);
    assert.ok((await client.put('/v1/datasets/stones', rows.slice(0, 2000).join('\n'))).status < 300);
    assert.equal((await client.get('/v1/datasets/stones/records?limit=1')).status, 200);
    assert.equal((await client.get('/v1/datasets/stones/rejects')).status, 200);
    assert.equal((await client.get('/v1/datasets')).status, 200);
    const { id } = (await client.submit({ dataset: 'stones', type: 'bar', x: 'recclass' })).json;
    const done = await client.finished(id);
    assert.equal(done.status, 'complete', JSON.stringify(done));
    assert.equal((await client.get(done.results.png.href)).headers.get('content-type'), 'image/png');
    const other = (await client.submit({ dataset: 'stones', type: 'bar', x: 'year' })).json;
    assert.ok((await client.ask('DELETE', `/v1/jobs/${other.id}`)).status < 300);
    const { status } = await client.finished(other.id);
    if (status === 'cancelled') {
      assert.ok((await post(`/v1/jobs/${other.id}/revive`)).status < 300);
      await client.finished(other.id);
    }
    assert.equal((await client.get('/v1/jobs')).status, 200);
    assert.ok((await client.ask('DELETE', '/v1/datasets/stones')).status < 300);
  });

  test('speaks the course dialect: data, a job, a picture', async () => {
    assert.ok((await client.put('/v1/datasets/meteorites', rows.join('\n'))).status < 300);
    assert.equal((await client.get('/data')).status, 200);
    assert.ok((await post('/image')).status < 300);
    await client.get('/image');
    await client.ask('DELETE', '/image');
    assert.ok((await client.ask('DELETE', '/data')).status < 300);
  });

  test('lets an external worker work', async () => {
    const process = { version: '1', title: 'Density', outputs: { txt: { mediaType: 'text/plain' } } };
    assert.ok((await client.put('/v1/datasets/thick', rows.join('\n'))).status < 300);
    const registered = await client.ask('PUT', '/v1/processes/density', {
      body: JSON.stringify(process),
      headers: { 'content-type': 'application/json' },
    });
    assert.ok(registered.status < 300, registered.text);
    const submitted = await post('/v1/jobs', { process: 'density', inputs: { dataset: 'thick' }, outputs: ['txt'] });
    assert.ok(submitted.status < 300, submitted.text);
    const taken = (await post('/v1/processes/density/take?wait=5')).json;
    const at = (word: string) => `/v1/jobs/${submitted.json.id}/${word}`;
    const held = { 'worker-token': taken.token };
    assert.ok(
      (await client.ask('PATCH', at('progress'), { body: '{"progress":40}', headers: { ...held, 'content-type': 'application/json' } }))
        .status < 300,
    );
    assert.ok(
      (await client.ask('PUT', at('results/txt'), { body: 'dense', headers: { ...held, 'content-type': 'text/plain' } })).status < 300,
    );
    assert.ok((await client.ask('POST', at('finish'), { headers: held })).status < 300);
    assert.equal((await client.get(`/v1/jobs/${submitted.json.id}/results/txt`)).text, 'dense');
    assert.ok((await client.ask('DELETE', '/v1/processes/density')).status < 300);
  });

  test('a worker of the course takes from the list of a queue, and does nothing else', async () => {
    const redis = connect(stack.storePort, 'worker');
    await redis.select(1);
    assert.equal(await outcome(redis, ['RPUSH', 'hotqueue:mine', '"1"']), 'done');
    assert.equal(await redis.call('LPOP', 'hotqueue:mine'), '"1"');
    assert.equal(await outcome(redis, ['DEL', 'hotqueue:mine']), 'refused');
    redis.disconnect();
  });

  test('the KEDA scaler counts waiting jobs with a script, and cannot change anything', async () => {
    const [redis, worker] = [connect(stack.storePort, 'keda'), connect(stack.storePort, 'worker')];
    await Promise.all([redis.select(1), worker.select(1)]);
    await worker.call('RPUSH', 'hotqueue:waits', '"1"', '"2"');
    // It reads the type first, because it can also count sets and hashes, with other commands.
    const script = "if redis.call('TYPE', KEYS[1]).ok == 'hash' then return -1 end return redis.call('LLEN', KEYS[1])";
    assert.deepEqual([await redis.eval(script, 1, 'hotqueue:waits'), await redis.eval(script, 1, 'hotqueue:none')], [2, 0]);
    for (const word of ['LPOP', 'DEL']) {
      assert.equal(await outcome(redis, [word, 'hotqueue:waits']), 'refused', word);
      assert.equal(await outcome(redis, ['EVAL', `return redis.call('${word}', KEYS[1])`, '1', 'hotqueue:waits']), 'refused', word);
    }
    for (const one of [redis, worker]) one.disconnect();
  });

  test('the store denied none of them anything', async () => {
    const admin = connect(stack.storePort, 'admin');
    const log = (await admin.call('ACL', 'LOG')) as unknown[][];
    const refused = log.map((entry) => entry.join(' ')).filter((entry) => !/username (?:worker|keda)/.test(entry));
    assert.deepEqual(refused, []);
    admin.disconnect();
  });

  const dangerous = [
    'FLUSHALL',
    'FLUSHDB',
    'KEYS *',
    'RANDOMKEY',
    'CONFIG SET maxmemory 1',
    'SHUTDOWN NOSAVE',
    'DEBUG SLEEP 0',
    'ACL LIST',
    'ACL SETUSER intruder on nopass +@all ~*',
    'SAVE',
    'BGSAVE',
    'BGREWRITEAOF',
    'CLIENT LIST',
    'CLIENT KILL TYPE normal',
    'REPLICAOF NO ONE',
    'MONITOR',
    'SWAPDB 0 1',
    'MODULE LIST',
    'SCRIPT FLUSH',
    'FUNCTION FLUSH',
    'LATENCY DOCTOR',
    'SLOWLOG GET',
  ];
  for (const user of userNames.filter((name) => name !== 'admin')) {
    test(`${user} is denied commands that affect all users`, async () => {
      const redis = connect(stack.storePort, user);
      for (const command of dangerous) assert.equal(await outcome(redis, command.split(' ')), 'refused', command);
      if (user !== 'jobs') {
        assert.equal(await outcome(redis, ['SCAN', '0']), 'refused');
      }
      // One service reads the settings of the queue's server, and kills scripts that run too long.
      if (user !== 'jobs') assert.equal(await outcome(redis, ['SCRIPT', 'KILL']), 'refused');
      if (user !== 'jobs') assert.equal(await outcome(redis, ['CONFIG', 'GET', 'maxmemory']), 'refused');
      if (user !== 'backup') assert.equal(await outcome(redis, ['PSYNC', '?', '-1']), 'refused');
      redis.disconnect();
    });
  }

  test('only services that use scripts may run one, and none may load a script or a function', async () => {
    for (const user of userNames.filter((name) => name !== 'admin')) {
      const redis = connect(stack.storePort, user);
      const expected = ['ingest', 'jobs', 'renderer', 'keda'].includes(user) ? 'done' : 'refused';
      assert.equal(await outcome(redis, ['EVAL', 'return 1', '0']), expected, user);
      for (const command of ['SCRIPT LOAD x', 'FUNCTION LIST', 'FUNCTION LOAD x', 'FCALL f 0', 'EVAL_RO x 0'])
        assert.equal(await outcome(redis, command.split(' ')), 'refused', `${user} ${command}`);
      redis.disconnect();
    }
  });

  test('the jobs service kills a script that runs too long, and every service works again', { timeout: 60_000 }, async () => {
    const renderer = connect(stack.storePort, 'renderer');
    await assert.rejects(renderer.eval('while true do end', 0), /Script killed|Connection is closed/);
    renderer.disconnect();
    await stack.ready();
    assert.equal((await client.get('/v1/jobs')).status, 200);
    assert.equal((await client.get('/v1/datasets')).status, 200);
  });

  test('no client can connect without a user name', async () => {
    const redis = new Redis(stack.storePort, '127.0.0.1', { protocol: 2, lazyConnect: true, enableReadyCheck: false, retryStrategy: null });
    redis.on('error', () => {});
    await assert.rejects(redis.ping(), /NOAUTH/);
    redis.disconnect();
  });
});
