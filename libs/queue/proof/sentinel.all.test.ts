// A master that dies under load, with three sentinels that notice.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startTestRedis, storeBinary } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { Auditor, Observer, ReliableQueue, silent, Worker } from '../src/index.ts';
import { until } from './chaos/until.ts';

const MASTER = 'almanac';
const WORKERS = 4;

/** A sentinel in a folder of its own: it writes what it learns into its configuration. */
async function startSentinel(masterPort: number): Promise<{ port: number; ask: Redis }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'almanac-sentinel-'));
  const watch = [
    `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${MASTER} 1000`,
    `sentinel failover-timeout ${MASTER} 5000`,
  ];
  writeFileSync(join(folder, 'sentinel.conf'), [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...watch, ''].join('\n'));
  const sentinel = spawn(storeBinary(), [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' });
  const ask = new Redis(port, '127.0.0.1', { protocol: 2, retryStrategy: () => 50, enableReadyCheck: false });
  ask.on('error', () => {});
  after(() => {
    ask.disconnect();
    sentinel.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return { port, ask };
}

test('the master is killed under load: workers resume at the new one, and what was confirmed as replicated is there', async (t) => {
  const options = ['--appendonly', 'yes', '--repl-diskless-sync-delay', '0'];
  const master = await startTestRedis(options);
  after(() => master.end());
  const replica = await startTestRedis([...options, '--replicaof', '127.0.0.1', String(master.port)]);
  after(() => replica.end());
  const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(master.port)));
  const ask = (sentinels[0] as { ask: Redis }).ask;
  const sentinelInfo = async (): Promise<Record<string, string>> => {
    const flat = (await ask.call('SENTINEL', 'MASTER', MASTER)) as string[];
    return Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] as string, flat[2 * i + 1] as string]));
  };
  const knowEachOther = async () => {
    const { 'num-other-sentinels': others, 'num-slaves': replicas } = await sentinelInfo();
    return others === '2' && replicas === '1';
  };
  await until(knowEachOther, 'sentinels that know each other and the replica');

  const clients: Redis[] = [];
  after(() => clients.forEach((client) => void client.disconnect()));
  const connect = (): Redis => {
    const client = new Redis({
      sentinels: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
      name: MASTER,
      // Without it a connection stays with the old master, which goes on accepting until Sentinel demotes it (10 s after a failover in
      // order), and all that is lost.
      failoverDetector: true,
      db: 1,
      connectionName: 'under-test',
      protocol: 2,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (tries) => Math.min(500, 50 * tries),
      sentinelRetryStrategy: (tries) => Math.min(500, 50 * tries),
    });
    client.on('error', () => {});
    clients.push(client);
    return client;
  };

  const ended: number[] = [];
  const lastBy = new Map<number, number>();
  const common = { queue: 'sentinel', logger: silent, lostAfterMs: 5000 };
  const workers = Array.from({ length: WORKERS }, (_, i) =>
    new Worker({
      ...common,
      redis: connect(),
      blocking: connect(),
      concurrency: 5,
      async handle() {
        await sleep(10);
        ended.push(performance.now());
        lastBy.set(i, performance.now());
        return { state: 'complete', note: '{}' };
      },
    }).start(),
  );
  after(() => Promise.all(workers.map((worker) => worker.stop(1000))));
  const observer = new Observer({ ...common, redis: connect() }).start();
  after(() => observer.stop());

  // Two producers: one that waits for the replica, one that does not. Either tries an id again until it is accepted.
  let isOver = false;
  after(() => {
    isOver = true;
  });
  let phase = 'the kill';
  const accepted: { id: string; as: string; phase: string }[] = [];
  const produce = async (name: string, durability: 'replicated' | 'memory') => {
    const queue = new ReliableQueue(connect(), 'sentinel');
    for (let i = 0; !isOver; i++) {
      const id = `${name}-${i}`;
      while (!isOver) {
        try {
          await queue.enqueue(id, '{}');
        } catch {
          await sleep(20);
          continue;
        }
        accepted.push({ id, as: await queue.confirm(durability, 1000, [id]), phase });
        break;
      }
      await sleep(1);
    }
    queue.close();
  };
  const producing = [produce('safe', 'replicated'), produce('fast', 'memory'), produce('other', 'memory')];
  await until(() => ended.length > 300 && lastBy.size === WORKERS, 'work before the fault');

  /** From the moment on at which the old master is no more, every worker is at work again within a few seconds. */
  const workersAreBack = async (what: string, sinceFault: number) => {
    const moment = performance.now();
    const isBack = () => [...lastBy.values()].every((at) => at > moment + 50);
    await until(isBack, `every worker at work again after ${what}`);
    const [first] = ended.filter((at) => at > moment);
    const [slowest] = [...lastBy.values()].sort((a, b) => a - b);
    const ms = (at: number | undefined, since: number) => Math.round((at as number) - since);
    t.diagnostic(
      `${what}: a new master after ${ms(moment, sinceFault)} ms, then the first job ended after ${ms(first, moment)} ms, all workers were at work after ${ms(slowest, moment)} ms`,
    );
    await sleep(1000);
  };
  const portOfMaster = async () => Number((await sentinelInfo()).port);

  let hit = performance.now();
  await master.kill('SIGKILL');
  await until(async () => (await portOfMaster()) === replica.port, 'the promotion');
  await workersAreBack('the master killed', hit);

  // The old one comes back as a replica, and then the promotion goes back in order: connections meet a server that has become a replica,
  // and those that wait in it are woken by that.
  await master.start();
  const isReplica = /^role:slave\r\n(?:.*\r\n)*master_link_status:up/m;
  const [onMaster, onReplica] = [master.connect(), replica.connect()];
  await until(async () => isReplica.test(await onMaster.info('replication')), 'the old master as a replica');
  phase = 'the failover in order';
  await until(async () => (await ask.call('SENTINEL', 'FAILOVER', MASTER).catch(() => 'no')) === 'OK', 'a failover that is accepted');
  hit = performance.now();
  await until(async () => (await portOfMaster()) === master.port, 'the change of roles');
  const isLeft = async () => !((await onReplica.client('LIST').catch(() => '')) as string).includes('name=under-test');
  await until(isLeft, 'no connection to the old master any more');
  await workersAreBack('a failover in order', hit);

  isOver = true;
  await Promise.all(producing);
  const redis = connect();
  const queue = new ReliableQueue(redis, 'sentinel');
  await until(async () => (await queue.get(['none']).catch(() => undefined)) !== undefined, 'a connection');
  await until(async () => {
    const { queued, delayed, active } = await queue.counts();
    return queued + delayed + active === 0;
  }, 'the end of all jobs');
  const lost: typeof accepted = [];
  for (let at = 0; at < accepted.length; at += 500) {
    const some = accepted.slice(at, at + 500);
    const records = await queue.get(some.map(({ id }) => id));
    lost.push(...some.filter((_, i) => records[i]?.state !== 'complete'));
  }
  const count = (of: typeof accepted, what: string, when: string) => of.filter(({ as, phase }) => as === what && phase === when).length;
  for (const when of ['the kill', 'the failover in order'])
    for (const what of ['replicated', 'unconfirmed', 'memory'])
      t.diagnostic(`${what}, accepted around ${when}: ${count(accepted, what, when)}, lost ${count(lost, what, when)}`);
  assert.ok(count(accepted, 'replicated', 'the kill') > 50);
  assert.deepEqual(
    lost.filter(({ as }) => as === 'replicated'),
    [],
    'what was confirmed as replicated is complete',
  );
  assert.equal(await queue.depth(), 0);
  const { jobs, ...found } = await new Auditor(redis, 'sentinel').audit({ graceMs: 0 });
  t.diagnostic(`${jobs} jobs, ${ended.length} runs`);
  assert.deepEqual(
    Object.entries(found).filter(([, count]) => count > 0),
    [],
    'nothing is out of place',
  );
});
