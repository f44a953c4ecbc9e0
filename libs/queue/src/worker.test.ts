import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { NetworkProxy } from '../proof/chaos/proxy.ts';
import { type HeldJob, JobCancelled, Observer, ReliableQueue, silent, Worker, type WorkerOptions } from './index.ts';
import { scripts } from './scripts.ts';

const store = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
after(() => store.end());
const redis = store.connect(1);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
let n = 0;
const newQueue = () => new ReliableQueue(redis, `worker${++n}`);
const nameOf = (queue: ReliableQueue) => queue.keys.list.slice('hotqueue:'.length);

/** A connection as services make theirs: nothing waits in it, nothing is sent twice. */
function connect(port = store.port): Redis {
  const options = {
    db: 1,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
  };
  const client = new Redis(port, '127.0.0.1', { protocol: 2, ...options });
  client.on('error', () => {});
  cleanups.push(() => client.disconnect());
  return client;
}

function startWorker(queue: ReliableQueue, handle: (job: HeldJob) => unknown, options: Partial<WorkerOptions> = {}): Worker {
  const worker = new Worker({
    redis: connect(),
    blocking: connect(),
    queue: nameOf(queue),
    logger: silent,
    blockSeconds: 0.2,
    async handle(job) {
      await handle(job);
      return { state: 'complete', note: '{}' };
    },
    ...options,
  });
  cleanups.push(() => worker.stop(1000));
  return worker.start();
}

function startObserver(queue: ReliableQueue, lostAfterMs: number): Observer {
  const observer = new Observer({ redis, queue: nameOf(queue), logger: silent, lostAfterMs }).start();
  cleanups.push(() => observer.stop());
  return observer;
}

/** A fixture in a process of its own, and its next message. */
function child(name: string, ...args: (string | number)[]): { process: ChildProcess; message: () => Promise<Record<string, string>> } {
  const process = fork(new URL(`./fixtures/${name}.ts`, import.meta.url), args.map(String));
  cleanups.push(() => process.kill('SIGKILL'));
  return { process, message: async () => (await once(process, 'message'))[0] as Record<string, string> };
}

async function until(what: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const end = Date.now() + withinMs; ; await sleep(10)) {
    if (await what()) return;
    assert.ok(Date.now() < end, 'it did not happen in time');
  }
}

/** How many commands the store executed within so many milliseconds, those of scripts among them. */
async function callsWithin(ms: number): Promise<number> {
  const calls = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  const before = await calls();
  await sleep(ms);
  return (await calls()) - before;
}

const record = async (queue: ReliableQueue, id: string) => (await queue.get([id]))[0];
const isComplete = async (queue: ReliableQueue, ...ids: string[]) => (await queue.get(ids)).every((r) => r?.state === 'complete');

test('a worker killed in the middle of a job: another does it, once, as the second attempt', async () => {
  const queue = newQueue();
  const victim = child('worker-process', store.port, nameOf(queue), 60_000, 400);
  await queue.enqueue('job', '{}');
  const { token } = await victim.message();
  victim.process.kill('SIGKILL');
  startObserver(queue, 400);
  const runs: string[] = [];
  startWorker(queue, (job) => runs.push(`${job.id} ${job.attempt}`), { lostAfterMs: 400 });
  await until(() => isComplete(queue, 'job'));
  const job = await record(queue, 'job');
  assert.deepEqual(runs, ['job 2']);
  assert.deepEqual([job?.attempts, job?.crashes, job?.past.length], [2, 1, 1]);
  assert.equal(`${job?.past[0]?.worker}:1`, token);
});

test('a worker killed between taking and starting: the job goes back without blame', async () => {
  const queue = newQueue();
  await queue.enqueue('job', '{}');
  const victim = child('half-taken', store.port, nameOf(queue), 'half');
  assert.deepEqual(await victim.message(), { moved: '"job"' });
  victim.process.kill('SIGKILL');
  startObserver(queue, 300);
  startWorker(queue, () => {}, { lostAfterMs: 300 });
  await until(() => isComplete(queue, 'job'));
  const job = await record(queue, 'job');
  assert.deepEqual([job?.attempts, job?.crashes], [1, 0]);
  await until(async () => (await redis.hexists(queue.keys.workers, 'half')) === 0);
});

test('a parent that saw the exit need not wait for silence', async () => {
  const queue = newQueue();
  const observer = startObserver(queue, 60_000);
  const victim = child('worker-process', store.port, nameOf(queue), 60_000, 60_000);
  await queue.enqueue('job', '{}');
  const token = (await victim.message()).token as string;
  victim.process.kill('SIGKILL');
  assert.equal(await observer.reapNow(token.split(':')[0] as string), 1);
  assert.equal((await record(queue, 'job'))?.state, 'queued');
});

test('a worker that slept through its own funeral: its end counts for nothing, and it works on under a new name', async () => {
  const queue = newQueue();
  const sleeper = child('worker-process', store.port, nameOf(queue), 800, 300);
  await queue.enqueue('job', '{}');
  const { token } = await sleeper.message();
  sleeper.process.kill('SIGSTOP');
  startObserver(queue, 300);
  const worker = startWorker(queue, () => {}, { lostAfterMs: 300 });
  await until(() => isComplete(queue, 'job'));
  await worker.stop();
  sleeper.process.kill('SIGCONT');
  assert.equal((await sleeper.message()).ended, 'job');
  await queue.enqueue('next', '{}');
  const next = await sleeper.message();
  assert.equal(next.began, 'next');
  assert.notEqual(next.token?.split(':')[0], token?.split(':')[0]);
  assert.notEqual((await record(queue, 'job'))?.token, token);
});

test('an observer that stood still itself takes nobody for dead', async () => {
  const queue = newQueue();
  const observer = new Observer({ redis, queue: nameOf(queue), logger: silent, lostAfterMs: 400 });
  await redis.hset(queue.keys.workers, 'frozen', 1);
  await observer.look();
  await sleep(450);
  assert.deepEqual(await observer.look(), [], 'it did not see this time pass');
  for (let i = 0; i < 4; i++) {
    await sleep(105);
    await observer.look();
  }
  assert.equal(await redis.hget(queue.keys.workers, 'frozen'), 'x');
});

test('two workers, 200 jobs: each is run once and complete', async () => {
  const queue = newQueue();
  const runs: string[] = [];
  for (let i = 0; i < 2; i++) startWorker(queue, ({ id }) => runs.push(id), { concurrency: 4 });
  const ids = Array.from({ length: 200 }, (_, i) => `j${i}`);
  await Promise.all(ids.map((id) => queue.enqueue(id, '{}')));
  await until(() => isComplete(queue, ...ids));
  assert.deepEqual(runs.sort(), ids.sort());
  assert.equal(await queue.depth(), 0);
});

test('never more jobs at a time than asked', async () => {
  const queue = newQueue();
  let now = 0;
  let most = 0;
  const ids = Array.from({ length: 20 }, (_, i) => `j${i}`);
  for (const id of ids) await queue.enqueue(id, '{}');
  const handle = async () => {
    most = Math.max(most, ++now);
    await sleep(5);
    now--;
  };
  startWorker(queue, handle, { concurrency: 3 });
  await until(() => isComplete(queue, ...ids));
  assert.equal(most, 3);
});

test('the store is killed and comes back: nothing accepted is lost, and the workers go on by themselves', async () => {
  const queue = newQueue();
  const ids = Array.from({ length: 60 }, (_, i) => `j${i}`);
  for (const id of ids) await queue.enqueue(id, '{}');
  const runs: string[] = [];
  const handle = async ({ id }: HeldJob) => {
    runs.push(id);
    await sleep(10);
  };
  for (let i = 0; i < 2; i++) startWorker(queue, handle);
  await until(async () => runs.length > 5);
  await store.kill('SIGKILL');
  await sleep(100);
  await store.start();
  await until(async () => (await redis.ping().catch(() => '')) === 'PONG');
  await until(() => isComplete(queue, ...ids));
  assert.deepEqual([...new Set(runs)].sort(), ids.sort());
});

test('a server that has become a replica under a worker: it connects anew, to whoever is the master then', async () => {
  const [old, next] = [await startTestRedis(), await startTestRedis()];
  // Killed, because a master that is asked to end waits for its replica.
  for (const server of [old, next]) cleanups.push(() => server.kill().then(() => server.end()));
  // What a service's address, or Sentinel, does: who connects gets the present master; who is connected stays where it is.
  let master = old.port;
  const sockets: Socket[] = [];
  const address = createServer((socket) => {
    const onward = connectSocket(master, '127.0.0.1');
    sockets.push(socket, onward);
    for (const end of [socket, onward]) end.on('error', () => {});
    socket.pipe(onward).pipe(socket);
  });
  address.listen(0, '127.0.0.1');
  await once(address, 'listening');
  cleanups.push(() => {
    address.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = address.address() as { port: number };
  const through = () => {
    const client = connect().duplicate({ port });
    client.on('error', () => {});
    cleanups.push(() => client.disconnect());
    return client;
  };
  const done: string[] = [];
  const queue = new ReliableQueue(next.connect(1), 'moves');
  startWorker(queue, ({ id }) => done.push(id), { redis: through(), blocking: through(), blockSeconds: 2 });
  await new ReliableQueue(old.connect(1), 'moves').enqueue('before', '{}');
  await until(async () => done.length === 1);
  await sleep(50);
  await old.connect().replicaof('127.0.0.1', next.port);
  master = next.port;
  await queue.enqueue('after', '{}');
  await until(async () => done.includes('after'));
});

test('connections that break again and again lose no job and run none twice', async () => {
  const queue = newQueue();
  const runs: string[] = [];
  startWorker(queue, async ({ id }) => {
    runs.push(id);
    await sleep(2);
  });
  const ids = Array.from({ length: 100 }, (_, i) => `j${i}`);
  for (const [i, id] of ids.entries()) {
    await queue.enqueue(id, '{}');
    if (i % 10 === 5) await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  }
  await until(() => isComplete(queue, ...ids));
  assert.deepEqual(runs.sort(), ids.sort());
});

test('a worker wakes for what anybody pushes, keeps what is no job, and goes on', async () => {
  const queue = newQueue();
  startWorker(queue, () => {}, { blockSeconds: 1 });
  await until(async () => (await redis.hlen(queue.keys.workers)) === 1);
  await redis.rpush(queue.keys.list, '{"foreign": true}');
  await until(async () => (await queue.lost()) === 1);
  await queue.enqueue('job', '{}');
  await until(() => isComplete(queue, 'job'));
});

test('records that somebody spoilt are passed over and stop nobody', async () => {
  const queue = newQueue();
  const spoilt = ['q', 'q\t1', 'q\t1\t\tmany\t0\t1\t\t\n{}\n\n', 'nonsense'];
  for (const [i, text] of spoilt.entries()) {
    await redis.set(queue.keys.record(`spoilt${i}`), text);
    await redis.rpush(queue.keys.list, `"spoilt${i}"`);
  }
  await queue.enqueue('job', '{}');
  const begun: string[] = [];
  startWorker(queue, ({ id }) => begun.push(id), { concurrency: 8 });
  await until(() => isComplete(queue, 'job'));
  assert.deepEqual(begun, ['job']);
  assert.equal(await queue.depth(), 0);
});

test('a store without room is still drained', async () => {
  const queue = newQueue();
  const ids = ['a', 'b', 'c'];
  for (const id of ids) await queue.enqueue(id, '{}');
  await redis.config('SET', 'maxmemory', '1mb');
  cleanups.push(() => redis.config('SET', 'maxmemory', '0'));
  startWorker(queue, () => {});
  await until(() => isComplete(queue, ...ids));
});

test('what a handler throws fails the job with its message after the last attempt; the worker takes the next meanwhile', async () => {
  const queue = newQueue();
  const runs: string[] = [];
  const handle = ({ id }: HeldJob) => {
    runs.push(id);
    if (id === 'bad') throw new Error('no such\ncolumn');
  };
  startWorker(queue, handle, { retry: { attempts: 3, baseMs: 20 } });
  await queue.enqueue('bad', '{}');
  await queue.enqueue('good', '{}');
  await until(() => isComplete(queue, 'good'));
  await until(async () => (await record(queue, 'bad'))?.state === 'failed');
  const bad = await record(queue, 'bad');
  assert.deepEqual([bad?.note, bad?.attempts], ['{"message":"no such\\ncolumn"}', 3]);
  assert.deepEqual(
    bad?.past.map(({ outcome, reason }) => `${outcome}: ${reason}`),
    ['failed: no such column', 'failed: no such column'],
  );
  assert.deepEqual(runs, ['bad', 'good', 'bad', 'bad']);
});

test('stopping lets the job at hand end, takes no other, and signs off', async () => {
  const queue = newQueue();
  const begun = Promise.withResolvers<void>();
  const worker = startWorker(queue, async () => {
    begun.resolve();
    await sleep(50);
  });
  await queue.enqueue('one', '{}');
  await queue.enqueue('two', '{}');
  await begun.promise;
  await worker.stop();
  assert.equal((await record(queue, 'one'))?.state, 'complete');
  assert.deepEqual(await redis.lrange(queue.keys.list, 0, -1), ['"two"']);
  assert.equal(await redis.hget(queue.keys.workers, worker.name as string), 'x');
});

test('a job that does not end in the time given for stopping is told so and given back without blame', async () => {
  const queue = newQueue();
  const begun = Promise.withResolvers<AbortSignal>();
  const worker = startWorker(queue, ({ signal }) => {
    begun.resolve(signal);
    return once(signal, 'abort');
  });
  await queue.enqueue('long', '{}');
  const signal = await begun.promise;
  await worker.stop(50);
  assert.equal(signal.aborted, true);
  const long = await record(queue, 'long');
  assert.deepEqual([long?.state, long?.crashes, long?.past[0]?.outcome], ['queued', 0, 'left']);
});

test('progress is heard, and refused once the job is another’s', async () => {
  const queue = newQueue();
  const answers: boolean[] = [];
  const done = Promise.withResolvers<void>();
  startWorker(queue, async (job) => {
    answers.push(await job.progress(40.7, 'draw'));
    assert.equal((await record(queue, 'job'))?.note, '40 draw');
    await redis.del(queue.keys.record('job'));
    answers.push(await job.progress(50, 'save'));
    done.resolve();
  });
  await queue.enqueue('job', '{}');
  await done.promise;
  assert.deepEqual(answers, [true, false]);
});

test('a job whose start was executed but whose reply was lost is found again', async () => {
  const queue = newQueue();
  const tokens: string[] = [];
  const worker = startWorker(queue, ({ token }) => tokens.push(token), { blockSeconds: 5 });
  await until(async () => worker.name !== undefined);
  const { list, tag } = queue.keys;
  // Enqueue and start in one step, so that the waiting worker is not woken: what a lost reply of start leaves.
  await redis
    .multi()
    .eval(scripts.enqueue.text, 2, list, tag, '', 'job', 0, '', '{}')
    .eval(scripts.cycle.text, 2, list, tag, worker.name as string, 999, 1, '', 0)
    .exec();
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await until(() => isComplete(queue, 'job'));
  assert.deepEqual(tokens, [`${worker.name}:999`]);
  cleanups.push(() => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
});

test('a call that was given up and is executed later all the same: what it took is found by the beats', async () => {
  const queue = newQueue();
  const runs: string[] = [];
  const worker = startWorker(queue, ({ id }) => runs.push(id));
  await queue.enqueue('before', '{}');
  await until(() => isComplete(queue, 'before'));
  const { list, tag } = queue.keys;
  await redis
    .multi()
    .eval(scripts.enqueue.text, 2, list, tag, '', 'job', 0, '', '{}')
    .eval(scripts.cycle.text, 2, list, tag, worker.name as string, 0, 1, '', 0)
    .exec();
  await until(() => isComplete(queue, 'job'));
  assert.deepEqual(runs, ['before', 'job']);
});

test('a worker that is declared dead while it works is told so by its next beat', async () => {
  const queue = newQueue();
  const begun = Promise.withResolvers<AbortSignal>();
  const worker = startWorker(
    queue,
    ({ signal, attempt }) => {
      if (attempt > 1) return;
      begun.resolve(signal);
      return once(signal, 'abort');
    },
    { lostAfterMs: 200 },
  );
  await queue.enqueue('job', '{}');
  const signal = await begun.promise;
  assert.equal(await startObserver(queue, 60_000).reapNow(worker.name as string), 1);
  if (!signal.aborted) await once(signal, 'abort');
  await until(() => isComplete(queue, 'job'));
  const job = await record(queue, 'job');
  assert.deepEqual([job?.attempts, job?.past.length], [2, 1]);
});

test('a cancelled job is let go at once, and its slot is free for the next', async () => {
  const queue = newQueue();
  const begun = Promise.withResolvers<AbortSignal>();
  const runs: string[] = [];
  startWorker(queue, async ({ id, signal }) => {
    runs.push(id);
    if (id !== 'long') return;
    begun.resolve(signal);
    await once(signal, 'abort');
  });
  await queue.enqueue('long', '{}');
  await queue.enqueue('next', '{}');
  const signal = await begun.promise;
  const asked = performance.now();
  assert.equal(await queue.cancel('long'), 'active');
  await until(() => isComplete(queue, 'next'));
  assert.ok(performance.now() - asked < 700, 'told by the hint, not by the next beat');
  assert.ok(signal.reason instanceof JobCancelled);
  assert.equal((await record(queue, 'long'))?.state, 'cancelled');
  assert.deepEqual(runs, ['long', 'next']);
});

test('delayed jobs start when they are due, and a worker that slept through it finds them', async () => {
  const queue = newQueue();
  const started = new Map<string, number>();
  startWorker(queue, ({ id }) => started.set(id, performance.now()));
  const asked = performance.now();
  for (const delayMs of [300, 100, 200]) await queue.enqueue(`after${delayMs}`, '{}', { delayMs });
  await until(() => isComplete(queue, 'after100', 'after200', 'after300'));
  assert.deepEqual([...started.keys()], ['after100', 'after200', 'after300']);
  for (const [id, at] of started) {
    const late = at - asked - Number(id.slice('after'.length));
    assert.ok(late >= -1, `${id} started ${-late} ms early`);
  }
  await redis.zadd(queue.keys.delayed, 1, 'orphan');
  await queue.enqueue('orphan', '{}', { delayMs: 60_000 });
  await redis.zadd(queue.keys.delayed, 1, 'orphan');
  await until(() => isComplete(queue, 'orphan'));
});

test('a paused queue starts nothing; it goes on when it is resumed', async () => {
  const queue = newQueue();
  const runs: string[] = [];
  startWorker(queue, ({ id }) => runs.push(id), { concurrency: 10, blockSeconds: 2 });
  await queue.enqueue('before', '{}');
  await until(() => isComplete(queue, 'before'));
  await queue.pause();
  await queue.enqueue('during', '{}');
  await sleep(50);
  const calls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1]);
  const before = await calls();
  await sleep(300);
  assert.ok((await calls()) - before < 5, 'it does not ask again and again meanwhile');
  assert.deepEqual(runs, ['before']);
  await queue.resume();
  await until(() => isComplete(queue, 'during'));
});

test('the order of jobs put into a paused and empty queue is kept, however many workers are idle', async () => {
  const queue = newQueue();
  await queue.pause();
  for (let i = 0; i < 3; i++) startWorker(queue, () => {});
  await sleep(600);
  const ids = ['a', 'b', 'c', 'd', 'e'];
  await queue.enqueueAll(ids.map((id) => ({ id, payload: '{}' })));
  await sleep(300);
  assert.deepEqual(
    await redis.lrange(queue.keys.list, 0, -1),
    ids.map((id) => `"${id}"`),
  );
});

test('a worker of a paused queue does not take and give back the same job for as long as that lasts', async () => {
  const queue = newQueue();
  startWorker(queue, () => {}, { blockSeconds: 2 });
  await queue.enqueue('before', '{}');
  await until(() => isComplete(queue, 'before'));
  await queue.pause();
  await queue.enqueue('during', '{}');
  assert.ok((await callsWithin(1000)) < 50);
  await queue.resume();
  await until(() => isComplete(queue, 'during'));
});

test('connections that go silent while they are made, and after, are given up and made anew', async () => {
  const queue = newQueue();
  const proxy = await NetworkProxy.start(store.port);
  cleanups.push(() => proxy.end());
  const [commands, blocking] = [connect(proxy.port), connect(proxy.port)];
  startWorker(queue, () => {}, { redis: commands, blocking });
  await queue.enqueue('before', '{}');
  await until(() => isComplete(queue, 'before'));
  proxy.watch(([command]) => (command === 'info' ? 'mute' : 'pass'));
  for (const conduit of proxy.conduits) conduit.reset();
  await until(async () => commands.status === 'connect' && blocking.status === 'connect');
  proxy.heal();
  await until(async () => commands.status === 'ready' && blocking.status === 'ready');
  for (const conduit of proxy.conduits) conduit.halfOpen();
  await queue.enqueue('after', '{}');
  await until(() => isComplete(queue, 'after'));
});

test('without the connection it waits on, a worker works on by the other one, and asks a few times a second', async () => {
  const queue = newQueue();
  const complaints: string[] = [];
  const logger = { ...silent, warn: (_: object, message: string) => complaints.push(message) };
  const blocking = connect();
  startWorker(queue, () => {}, { blocking, logger });
  await queue.enqueue('before', '{}');
  await until(() => isComplete(queue, 'before'));
  blocking.disconnect();
  assert.ok((await callsWithin(1000)) < 500);
  await queue.enqueue('meanwhile', '{}');
  await until(() => isComplete(queue, 'meanwhile'));
  assert.ok(complaints.length <= 3, 'it complains once');
  await blocking.connect();
  await queue.enqueue('after', '{}');
  await until(() => isComplete(queue, 'after'));
});

test('whatever is put in the list is a job where the worker adopts it', async () => {
  const queue = newQueue();
  const payloads: string[] = [];
  startWorker(queue, ({ payload, record }) => payloads.push(`${payload} ${record.isForeign}`), { adopts: true });
  await redis.rpush(queue.keys.list, '{"a": "ünï",\n "b": 12345678901234567890}', '[]', '0', 'null', 'nonsense');
  await until(async () => (await queue.counts()).complete === 3);
  assert.deepEqual(payloads, ['{"a": "ünï",  "b": 12345678901234567890} true', '[] true', '0 true']);
  assert.deepEqual(await redis.lrange(queue.keys.lost, 0, -1), ['null', 'nonsense']);
});
