// F2: a process ends, or a reply is lost, at an exact point of a job's way: what is left behind there, and who heals it. The rows are those
// of chaos/fault-plan.ts.
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { type HeldJob, HotQueue, Observer, queueKeys, ReliableQueue, silent, Worker } from '../src/index.ts';
import { scripts } from '../src/scripts.ts';
import { SettlingConnection } from '../src/settling-connection.ts';
import { connect } from './chaos/connect.ts';
import { NetworkProxy } from './chaos/proxy.ts';
import { faultsOf, takeReading } from './chaos/reading.ts';

const store = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
after(() => store.end());
const redis = store.connect(1);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
let n = 0;

/** A queue of the test's own, and a bad network before it. */
async function setUp() {
  const name = `point${++n}`;
  const proxy = await NetworkProxy.start(store.port);
  cleanups.push(() => proxy.end());
  const direct = new SettlingConnection(redis, queueKeys(name));
  const distant = connect(proxy.port);
  cleanups.push(() => distant.disconnect());
  await until(async () => distant.status === 'ready');
  const read = () => takeReading(redis, name);
  return {
    name,
    proxy,
    distant,
    direct,
    queue: new ReliableQueue(redis, name),
    read,
    /** where a job is, and in what state */
    place: async (id: string) => {
      const { records, list, inboxes, held, delayed } = await read();
      const all = { list, delayed, ...named('inbox', inboxes), ...named('held', held) };
      const at = Object.entries(all).flatMap(([place, ids]) => (ids.includes(id) ? [place] : []));
      return [records.get(id)?.state, ...at].join(' ');
    },
    /** the next script, if it is this one */
    onNext: (script: keyof typeof scripts, judgement: 'swallow' | 'cut' | 'mute', isIt = (_: readonly string[]) => true) =>
      proxy.watch((words) => {
        if (words[0] !== 'evalsha' || words[1] !== scripts[script].sha || !isIt(words)) return 'pass';
        proxy.watch(undefined);
        return judgement;
      }),
    observer: () => new Observer({ redis, queue: name, logger: silent, lostAfterMs: 300 }),
    work: (handle: (job: HeldJob) => unknown = () => {}) => {
      const worker = new Worker({
        redis: distant,
        blocking: connect(proxy.port),
        queue: name,
        logger: silent,
        blockSeconds: 0.2,
        handle: async (job) => {
          await handle(job);
          return { state: 'complete', note: '{}' };
        },
      });
      cleanups.push(() => worker.stop(500));
      return worker.start();
    },
  };
}

const named = (what: string, all: Map<string, string[]>) => Object.fromEntries([...all].map(([worker, ids]) => [`${what} ${worker}`, ids]));

async function until(isSo: () => Promise<boolean>, withinMs = 8000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(10)) assert.ok(Date.now() < end, 'it did not happen in time');
}

// The scripts must be known before one of them is swallowed, or its first sending is a question whether it is known.
for (const { text } of Object.values(scripts)) await redis.script('LOAD', text);

test('F2, row 1: a producer’s call does not arrive: there is no job; asked again, there is one', async () => {
  const { distant, name, onNext, place, queue, read } = await setUp();
  const producer = new ReliableQueue(distant, name);
  onNext('enqueue', 'cut');
  await assert.rejects(producer.enqueue('job', '{}'));
  assert.equal(await place('job'), '');
  assert.equal((await queue.enqueue('job', '{}')).as, 'new');
  assert.deepEqual(faultsOf(await read()), []);
});

test('F2, row 2: a producer’s call is executed and not answered: there is a job; asked again, there is one still', async () => {
  const { distant, name, onNext, place, queue, read } = await setUp();
  const producer = new ReliableQueue(distant, name);
  onNext('enqueue', 'swallow');
  await assert.rejects(producer.enqueue('job', '{}'));
  assert.equal(await place('job'), 'queued list');
  assert.equal((await queue.enqueue('job', '{}')).as, 'known');
  assert.deepEqual((await read()).list, ['job']);
});

test('F2, row 3: a program pops an element by itself and dies: the element is gone, as with any plain list', async () => {
  const { name, queue } = await setUp();
  const plain = new HotQueue<string>(name, { redis });
  await plain.put('message');
  assert.equal(await plain.get(), 'message');
  assert.equal(await queue.depth(), 0);
  assert.deepEqual([await plain.get(), await queue.lost()], [undefined, 0]);
});

test('F2, row 4: a worker’s socket closes while it waits: the element that comes then stays in the list', async () => {
  const { distant, queue, place } = await setUp();
  distant.blmove(queue.keys.list, queue.keys.inbox('w'), 'LEFT', 'RIGHT', 5).catch(() => {});
  await sleep(50);
  distant.disconnect();
  await sleep(50);
  await queue.enqueue('job', '{}');
  assert.equal(await place('job'), 'queued list');
});

test('F2, row 5: a worker is cut off while it waits: the element moves to its inbox; the reaper gives it back, also one that moved after that', async () => {
  const { direct, proxy, queue, place, read, observer } = await setUp();
  const waiting = connect(proxy.port);
  cleanups.push(() => waiting.disconnect());
  await until(async () => waiting.status === 'ready');
  await direct.run('beat', ['w', 'new']);
  waiting.blmove(queue.keys.list, queue.keys.inbox('w'), 'LEFT', 'RIGHT', 5).catch(() => {});
  await sleep(50);
  proxy.freeze();
  await queue.enqueue('job', '{}');
  assert.equal(await place('job'), 'queued inbox w');
  const reaper = observer().start();
  cleanups.push(() => reaper.stop());
  await until(async () => (await place('job')) === 'queued list');
  await redis.lmove(queue.keys.list, queue.keys.inbox('w'), 'LEFT', 'RIGHT');
  await until(async () => (await place('job')) === 'queued list');
  await until(async () => (await read()).beats.size === 0);
  assert.equal((await read()).records.get('job')?.crashes, 0);
});

test('F2, rows 6, 7: moved to the inbox, and the call behind it does not arrive: the same worker starts it by its next call', async () => {
  const { onNext, queue, work, read } = await setUp();
  const worker = work();
  await until(async () => worker.name !== undefined);
  await sleep(300);
  onNext('cycle', 'cut', (words) => words[5] === worker.name);
  await queue.enqueue('job', '{}');
  await until(async () => (await read()).records.get('job')?.state === 'complete');
  const { attempts, crashes, token } = (await read()).records.get('job') ?? {};
  assert.deepEqual([attempts, crashes, token?.split(':')[0]], [1, 0, worker.name]);
});

test('F2, row 7: moved to the inbox, and the worker is dead: given back without blame by who saw it die', async () => {
  const { direct, queue, place, observer, read } = await setUp();
  await direct.run('beat', ['w', 'new']);
  await queue.enqueue('job', '{}');
  await redis.lmove(queue.keys.list, queue.keys.inbox('w'), 'LEFT', 'RIGHT');
  assert.equal(await observer().reapNow('w'), 1);
  assert.equal(await place('job'), 'queued list');
  assert.equal((await read()).records.get('job')?.crashes, 0);
});

test('F2, row 8: taken, and the worker dies: active and held until the reaper gives it back, one crash more', async () => {
  const { direct, queue, place, observer, read } = await setUp();
  await direct.run('beat', ['w', 'new']);
  await queue.enqueue('job', '{}');
  await direct.run('cycle', ['w', 1, 1, '', 0]);
  assert.equal(await place('job'), 'active held w');
  assert.deepEqual(faultsOf(await read()), []);
  assert.equal(await observer().reapNow('w'), 1);
  assert.equal(await place('job'), 'queued list');
  assert.equal((await read()).records.get('job')?.crashes, 1);
});

test('F2, row 8: taken, and the reply is lost: the worker asks what it holds and runs it once, under the token it has', async () => {
  const { onNext, queue, work, read } = await setUp();
  await queue.enqueue('job', '{}');
  const tokens: string[] = [];
  onNext('cycle', 'swallow');
  work(({ token }) => tokens.push(token));
  await until(async () => (await read()).records.get('job')?.state === 'complete');
  const job = (await read()).records.get('job');
  assert.deepEqual([job?.attempts, job?.crashes, tokens], [1, 0, [job?.token]]);
});

test('F2, row 9: a result is written, and its worker dies: the next attempt writes its own, and the record names that one', async () => {
  const { direct, queue, observer, read } = await setUp();
  const result = (token: string) => `result:job:${token}`;
  for (const worker of ['w1', 'w2']) {
    await direct.run('beat', [worker, 'new']);
    if (worker === 'w1') await queue.enqueue('job', '{}');
    await direct.run('cycle', [worker, 1, 1, '', 0]);
    await redis.set(result(`${worker}:1`), worker, 'PX', 60_000);
    if (worker === 'w1') await observer().reapNow('w1');
  }
  await direct.run('cycle', ['w2', 2, 0, '', 0, 'job', 'w2:1', 's', JSON.stringify(result('w2:1')), 0]);
  const { note, token } = (await read()).records.get('job') ?? {};
  assert.deepEqual([note, token, await redis.get(JSON.parse(note as string) as string)], ['"result:job:w2:1"', 'w2:1', 'w2']);
  assert.ok((await redis.pttl(result('w1:1'))) > 0, 'what the first wrote goes away by itself');
});

test('F2, row 10: ended, and the reply is lost: ended all the same; said again, nothing changes', async () => {
  const { onNext, queue, work, read, place } = await setUp();
  let runs = 0;
  const worker = work(() => ++runs);
  await until(async () => worker.name !== undefined);
  onNext('cycle', 'swallow', (words) => words.length > 10);
  await queue.enqueue('job', '{}');
  await until(async () => (await place('job')) === 'complete');
  const changed = (await read()).records.get('job')?.changed;
  await queue.enqueue('next', '{}');
  await until(async () => (await place('next')) === 'complete');
  assert.deepEqual([runs, (await read()).records.get('job')?.changed], [2, changed]);
  assert.deepEqual((await read()).held, new Map());
});

test('F2, row 11: an observer dies between two workers that it would reap: another reaps the rest', async () => {
  const { direct, queue, observer, read } = await setUp();
  for (const [i, worker] of ['w1', 'w2'].entries()) {
    await direct.run('beat', [worker, 'new']);
    await queue.enqueue(`job${i}`, '{}');
    await direct.run('cycle', [worker, 1, 1, '', 0]);
  }
  await observer().reapNow('w1');
  assert.deepEqual(faultsOf(await read()), [], 'in order in between, too');
  const other = observer().start();
  cleanups.push(() => other.stop());
  await until(async () => (await read()).beats.size === 0);
  assert.deepEqual((await read()).list.sort(), ['job0', 'job1']);
});

test('F2, row 12: a worker comes back after it was reaped: its end counts for nothing, the new one’s does', async () => {
  const { direct, queue, observer, read } = await setUp();
  for (const worker of ['w1', 'w2']) await direct.run('beat', [worker, 'new']);
  await queue.enqueue('job', '{}');
  await direct.run('cycle', ['w1', 1, 1, '', 0]);
  await observer().reapNow('w1');
  await direct.run('cycle', ['w2', 1, 1, '', 0]);
  assert.deepEqual(await direct.run('cycle', ['w1', 2, 1, '', 0, 'job', 'w1:1', 's', '"zombie"', 0]), ['FENCED']);
  const under = ['w3', 1, 0, '', 0, 'job', 'w1:1', 's', '"zombie"', 0];
  await direct.run('beat', ['w3', 'new']);
  assert.deepEqual(await direct.run('cycle', under), ['OK', 0, 1, 'job'], 'stale under its new name too');
  await direct.run('cycle', ['w2', 2, 0, '', 0, 'job', 'w2:1', 's', '"heir"', 0]);
  const job = (await read()).records.get('job');
  assert.deepEqual([job?.state, job?.note, job?.attempts], ['complete', '"heir"', 2]);
});

test('F2, row 13: the store is killed: it comes back with exactly what it had answered for', async () => {
  const { direct, queue, read } = await setUp();
  await direct.run('beat', ['w', 'new']);
  for (let i = 0; i < 20; i++) await queue.enqueue(`job${i}`, '{}', i % 5 === 4 ? { delayMs: 60_000, hash: `h${i % 2}` } : {});
  await direct.run('cycle', ['w', 1, 3, '', 1000]);
  await direct.run('cycle', ['w', 2, 1, '', 1000, 'job0', 'w:1', 's', '{}', 0, 'job1', 'w:1', 'r', 'why', 60_000]);
  await redis.lmove(queue.keys.list, queue.keys.inbox('w'), 'LEFT', 'RIGHT');
  await queue.cancel('job2');
  const before = await read();
  await store.kill('SIGKILL');
  await store.start();
  await until(async () => (await redis.ping().catch(() => '')) === 'PONG');
  assert.deepEqual(await read(), before);
  assert.deepEqual(faultsOf(before), []);
});

test('F2, row 16: a cycle that fails at any of its calls loses no job: nothing has changed, or the auditor finds what is nowhere', async () => {
  const healed: string[] = [];
  let failed = true;
  for (let at = 1; failed; at++) {
    const { direct, queue, read, name } = await setUp();
    await direct.run('beat', ['w', 'new']);
    for (const id of ['a', 'b', 'c', 'd']) await queue.enqueue(id, '{}');
    await direct.run('cycle', ['w', 1, 2, '', 0]);
    await redis.lmove(queue.keys.list, queue.keys.inbox('w'), 'LEFT', 'RIGHT');
    const before = await read();
    const counting = `local count, real = 0, redis\nlocal redis = setmetatable({call = function(...)
      count = count + 1
      if count == ${at} then error('planted') end
      return real.call(...)
    end}, {__index = real})\n`;
    const words = ['w', 2, 2, '', 0, 'a', 'w:1', 's', '{}', 0, 'b', 'w:1', 'r', 'why', 0];
    failed = await redis.eval(counting + scripts.cycle.text, 2, `hotqueue:${name}`, `{hotqueue:${name}}`, ...words).then(
      () => false,
      () => true,
    );
    const after_ = await read();
    if (!failed || JSON.stringify([...after_.records]) === JSON.stringify([...before.records])) continue;
    assert.deepEqual([...after_.records.values()].map((r) => r?.id).sort(), ['a', 'b', 'c', 'd'], `failed at call ${at}`);
    await direct.run('reap', ['w', '', 3, 'lost']);
    const verdicts = (await direct.run('audit', [0, 'mend', 1, 'w', 'a', 'b', 'c', 'd'])) as string[];
    if (verdicts.some((verdict) => verdict.includes('nowhere'))) healed.push(`${at}`);
    assert.deepEqual(faultsOf(await read()), [], `failed at call ${at}`);
  }
  assert.ok(healed.length > 0);
});
