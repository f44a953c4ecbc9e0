// What a broken connection, a stuck store or rare spellings must not do to data.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { DatasetReader } from './dataset-reader.ts';
import { readManifest } from './manifest.ts';
import { readRejects } from './rejects.ts';
import { StagedGeneration } from './staged-generation.ts';
import { column, load, makeRows, schema } from './testing.ts';

let store: TestRedis;
let redis: Redis;
before(async () => {
  store = await startTestRedis();
  redis = store.connect(0);
});
after(() => store.end());
const reader = (own = redis) => new DatasetReader(own, { cacheBytes: 1 << 20 });

/** A connection with the services' policy: nothing is sent twice, nothing waits for a store that is away. */
async function connection(t: TestContext, port: number): Promise<Redis> {
  const client = new Redis(port, '127.0.0.1', {
    protocol: 2,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 20,
  });
  client.on('error', () => {});
  t.after(() => client.disconnect());
  await new Promise((resolve) => client.once('ready', resolve));
  return client;
}

/** A way to the store that breaks off instead of bringing the next script's answer. */
class BreakingWay {
  #isArmed = false;
  #sockets = new Set<Socket>();
  readonly #server = createServer((client) => {
    const up = connect(store.port, '127.0.0.1');
    let isCut = false;
    for (const socket of [client, up]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        up.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (this.#isArmed && bytes.includes('evalsha')) [isCut, this.#isArmed] = [true, false];
      up.write(bytes);
    });
    up.on('data', (bytes) => {
      if (isCut) client.destroy();
      else client.write(bytes);
    });
  });

  async open(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  arm(): void {
    this.#isArmed = true;
  }

  close(): void {
    this.#server.close();
  }

  end(): void {
    this.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

test('a swap whose answer is lost is looked up: it counts once', async (t) => {
  const way = new BreakingWay();
  t.after(() => way.end());
  const client = await connection(t, await way.open());
  await load(redis, 'looked-up', makeRows(3));
  way.arm();
  const { seq, created } = await load(client, 'looked-up', makeRows(4));
  assert.deepEqual([seq, created], [2, false]);
  assert.equal((await reader().get('looked-up')).rows, 4);
});

test('giving up after a swap whose answer is lost for good leaves what was swapped in, for good', async (t) => {
  const way = new BreakingWay();
  t.after(() => way.end());
  const port = await way.open();
  const client = await connection(t, port);
  await load(redis, 'kept', makeRows(3));
  const staged = new StagedGeneration(client, 'kept');
  await staged.add('{"id":1}');
  way.arm();
  const failing = assert.rejects(staged.commit({ schema: schema([column('id')]), evidence: {} }));
  way.close();
  await failing;
  await way.open(port);
  if (client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
  await staged.discard();
  const copy = await reader().get('kept');
  assert.deepEqual([copy.manifest.seq, copy.page(0, 9).map(String).join()], [2, '{"id":1}']);
  for (const key of await redis.keys(`ds:*{kept}:${staged.gen}`)) assert.equal(await redis.pttl(key), -1, key);
});

test('a store that is stuck rather than gone: a problem instead of a hang, and answers again afterwards', async (t) => {
  await load(redis, 'stuck', makeRows(3));
  const client = await connection(t, store.port);
  const own = reader(client);
  await own.get('stuck');
  process.kill(store.pid, 'SIGSTOP');
  const started = performance.now();
  try {
    await assert.rejects(own.get('stuck'), (error: unknown) => error instanceof ProblemError && error.status === 503);
  } finally {
    process.kill(store.pid, 'SIGCONT');
  }
  assert.ok(performance.now() - started < 9000);
  assert.equal((await own.get('stuck')).rows, 3);
});

test('rejects are found by their place, however rows and rejects alternate', async () => {
  const staged = new StagedGeneration(redis, 'mixed');
  let rejected = 0;
  for (let i = 0; i < 60_000; i++) {
    await staged.add(`{"i":${i},"x":"${Math.random()}${Math.random()}"}`);
    if (i % 37 === 0) await staged.reject({ row: ++rejected, reason: 'r', raw: `${i}` });
  }
  await staged.commit({ schema: schema([column('i')]), evidence: {} });
  const { gen } = (await readManifest(redis, 'mixed')) ?? { gen: '' };
  for (const offset of [0, 3, 495, 777, 1500, rejected - 5]) {
    const rows = (await readRejects(redis, 'mixed', gen, offset, 10)).map(({ row }) => row);
    assert.deepEqual(
      rows,
      Array.from({ length: Math.min(10, rejected - offset) }, (_, i) => offset + i + 1),
      `offset ${offset}`,
    );
  }
});

test('a key is its text, however the source spells it', async () => {
  const rows = ['{"k":"A\\/B"}', '{"k":"\\u00e9"}', '{"k":1.50}', '{"k":"a,b"}', '{"k":"q\\"q"}', '{"x":1,"k":"later\\/x"}', '{"k":"1.5"}'];
  const keys = ['A/B', 'é', '1.50', 'a,b', 'q"q', 'later/x', '1.5'];
  await load(redis, 'spelt', rows, { schema: schema([column('k')], 'k'), key: (row) => keys[rows.indexOf(row)] as string });
  const copy = await reader().get('spelt');
  for (const [i, key] of keys.entries()) assert.equal(copy.byKey(key)?.toString(), rows[i], key);
  for (const key of ['1', '1.500', '"1.5"', 'A\\/B', '']) assert.equal(copy.byKey(key), undefined, key);
});

test('a key that reading converts is found as it was sent', async () => {
  await load(redis, 'converted', ['{"k":"+5"}', '{"k":"007"}'], {
    schema: schema([column('k', 'number', false)], 'k'),
    key: (row) => JSON.parse(row).k as string,
  });
  const copy = await reader().get('converted');
  assert.equal(copy.byKey('+5')?.toString(), '{"k":5}');
});

test('without a key a record is named by its place, also where wide rows close chunks early', async () => {
  const rows = makeRows(500, 4000);
  await load(redis, 'wide-unnamed', rows, { schema: schema([column('id'), column('text')]) });
  const copy = await reader().get('wide-unnamed');
  for (const place of [0, 1, 60, 255, 256, 499]) assert.equal(copy.byKey(String(place))?.toString(), rows[place], String(place));
  for (const none of ['500', '-1', '01', '1e2', '']) assert.equal(copy.byKey(none), undefined, none);
});
