import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { ReliableQueue } from './index.ts';
import { queueKeys } from './keys.ts';
import { SettlingConnection } from './settling-connection.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
let n = 0;

/** A queue of the test's own, and the scripts a worker would call. */
async function setUp(worker = 'w1') {
  const name = `q${++n}`;
  const connection = new SettlingConnection(redis, queueKeys(name));
  await connection.run('beat', [worker, 'new']);
  return {
    name,
    keys: queueKeys(name),
    queue: new ReliableQueue(redis, name),
    /** the next job: what a cycle that asks for one answers, without its counts */
    start: async (seq: number, wid = worker) => {
      const [what, , , ...job] = (await connection.run('cycle', [wid, seq, 1, '', 60_000])) as string[];
      return [what, ...job];
    },
    progress: (id: string, token: string, percent: number) => connection.run('progress', [id, token, percent, 'draw']),
    /** ends one job, as its token's worker says */
    finish: async (id: string, token: string, state: 's' | 'f' | 'c' | 'r', note = '{}', delayMs = 0) => {
      const words = [token.split(':')[0] as string, 0, 0, '', 60_000, id, token, state, note, delayMs];
      return ((await connection.run('cycle', words)) as [string, number, number])[2] === 0 ? 'OK' : 'STALE';
    },
    reap: (wid: string, beat = '', how = 'lost') => connection.run('reap', [wid, beat, 3, how]),
    beat: (wid: string) => connection.run('beat', [wid, '']),
    promote: () => connection.run('promote', []),
  };
}

test('a job has its record from the first moment, and its quoted id lies in the list', async () => {
  const { queue, keys } = await setUp();
  const id = randomUUID();
  const { as, record } = await queue.enqueue(id, '{"a":1}');
  assert.equal(as, 'new');
  assert.deepEqual(await queue.get([id, 'none']), [record, undefined]);
  assert.equal(record.state, 'queued');
  assert.equal(record.payload, '{"a":1}');
  assert.ok(Math.abs(Date.now() - record.created) < 5000);
  assert.deepEqual(await redis.lrange(keys.list, 0, -1), [`"${id}"`]);
});

test('the same id again changes nothing', async () => {
  const { queue } = await setUp();
  await queue.enqueue('one', '1');
  const again = await queue.enqueue('one', '2');
  assert.equal(again.as, 'known');
  assert.equal(again.record.payload, '1');
  assert.equal(await queue.depth(), 1);
  await assert.rejects(queue.enqueue('with blank', '1'), RangeError);
  await assert.rejects(queue.enqueue('two', '1\n2'), RangeError);
});

test('from start to finish: token, attempt, progress that never goes back, one end', async () => {
  const { queue, start, progress, finish, keys } = await setUp();
  await queue.enqueue('job', '{}');
  const [what, id] = await start(7);
  assert.deepEqual([what, id], ['OK', 'job']);
  const [active] = await queue.get(['job']);
  assert.equal(active?.state, 'active');
  assert.equal(active?.token, 'w1:7');
  assert.equal(active?.attempts, 1);
  assert.deepEqual(await redis.smembers(keys.held('w1')), ['job']);
  assert.equal(await progress('job', 'w1:7', 60), 'OK');
  assert.equal(await progress('job', 'w1:7', 40), 'OK');
  assert.equal((await queue.get(['job']))[0]?.note, '60 draw');
  assert.equal(await progress('job', 'w1:6', 99), 'STALE');
  assert.equal(await finish('job', 'w1:6', 's'), 'STALE');
  assert.equal(await finish('job', 'w1:7', 's', '{"r":1}'), 'OK');
  assert.equal(await finish('job', 'w1:7', 'f', '{"again":1}'), 'OK', 'the same end sent again is fine');
  const [ended] = await queue.get(['job']);
  assert.deepEqual([ended?.state, ended?.note], ['complete', '{"r":1}']);
  assert.equal(await progress('job', 'w1:7', 99), 'STALE');
  assert.equal(await redis.exists(keys.held('w1')), 0);
  assert.deepEqual(await start(8), ['OK']);
});

test('a reaped worker’s jobs go to the head, oldest first, inbox before held; its token is worth nothing then', async () => {
  const { queue, start, finish, reap, beat, keys } = await setUp();
  for (const id of ['a', 'b', 'c', 'd']) await queue.enqueue(id, '{}');
  await start(1);
  await redis.lmove(keys.list, keys.inbox('w1'), 'LEFT', 'RIGHT');
  assert.equal(await reap('w1', '99'), -1, 'another beat than seen: it lives');
  assert.equal(await reap('w1', '1'), 2);
  assert.deepEqual(await redis.lrange(keys.list, 0, -1), ['"a"', '"b"', '"c"', '"d"']);
  const [a, b] = await queue.get(['a', 'b']);
  assert.deepEqual([a?.state, a?.crashes, a?.attempts, a?.past[0]?.outcome], ['queued', 1, 1, 'lost']);
  assert.deepEqual([b?.state, b?.crashes], ['queued', 0]);
  assert.equal(await finish('a', 'w1:1', 's'), 'STALE');
  assert.equal((await queue.get(['a']))[0]?.state, 'queued');
  assert.deepEqual(await beat('w1'), ['FENCED']);
  assert.deepEqual(await start(2), ['FENCED']);
  assert.equal(await reap('w1', 'x'), 0);
  assert.equal(await reap('w1'), -1, 'forgotten after the second sweep');
});

test('a job that outlived too many workers failed, and frees its content', async () => {
  const { queue, start, reap, keys } = await setUp();
  await queue.enqueue('bad', '{}', { hash: 'h' });
  for (let crash = 1; crash <= 4; crash++) {
    await redis.hset(keys.workers, `p${crash}`, 1);
    assert.equal((await start(1, `p${crash}`))[1], 'bad');
    assert.equal(await reap(`p${crash}`), crash === 4 ? 0 : 1);
  }
  const [bad] = await queue.get(['bad']);
  assert.deepEqual([bad?.state, bad?.note, bad?.past.length], ['failed', 'poison 4', 4]);
  assert.equal(await queue.depth(), 0);
  assert.equal((await queue.enqueue('next', '{}', { hash: 'h' })).as, 'new');
});

test('a worker that leaves in order costs its job no crash', async () => {
  const { queue, start, reap } = await setUp();
  await queue.enqueue('job', '{}');
  await start(1);
  await reap('w1', '', 'left');
  const [job] = await queue.get(['job']);
  assert.deepEqual([job?.state, job?.crashes, job?.past[0]?.outcome], ['queued', 0, 'left']);
});

test('equal content is worked once: followed while open, copied when complete, anew after a failure', async () => {
  const { queue, start, finish } = await setUp();
  await queue.enqueue('first', '{}', { hash: 'h' });
  const second = await queue.enqueue('second', '{}', { hash: 'h' });
  assert.deepEqual([second.as, second.record.state, second.record.of], ['joined', 'joined', 'first']);
  assert.equal(await queue.depth(), 1);
  await start(1);
  await finish('first', 'w1:1', 's', '{"r":1}');
  const third = await queue.enqueue('third', '{}', { hash: 'h' });
  assert.deepEqual([third.record.state, third.record.token, third.record.note], ['complete', 'w1:1', '{"r":1}']);
  assert.ok((await redis.pttl(queue.keys.content('h'))) > 0, 'answers for a while, not for ever');
  await queue.release('first');
  assert.equal((await queue.enqueue('fourth', '{}', { hash: 'h' })).as, 'new');
  await start(2);
  await finish('fourth', 'w1:2', 'f');
  assert.equal((await queue.enqueue('fifth', '{}', { hash: 'h' })).as, 'new');
  await redis.del(queue.keys.record('fifth'));
  assert.equal((await queue.enqueue('sixth', '{}', { hash: 'h' })).as, 'new', 'a holder without a record holds nothing');
});

test('of many that ask for the same at once, one is put', async () => {
  const { queue } = await setUp();
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, i) => new ReliableQueue(i % 2 === 0 ? redis : store.connect(1), queue.keys.list.slice(9))).map((q, i) =>
      q.enqueue(`job${i}`, '{}', { hash: 'same' }),
    ),
  );
  assert.equal(all.filter(({ as }) => as === 'new').length, 1);
  assert.equal(await queue.depth(), 1);
});

test('what is no job of ours is kept with its bytes and stops nothing', async () => {
  const { queue, start, keys } = await setUp();
  const foreign = [Buffer.from('{"not": "an id"}'), Buffer.from([0x80, 4, 0xff, 0, 10]), Buffer.from('"unknown-id"'), Buffer.from('null')];
  await redis.rpush(keys.list, ...foreign);
  await queue.enqueue('job', '{}');
  await redis.rpush(keys.list, '"job"');
  for (let seq = 1; seq < 5; seq++) assert.deepEqual(await start(seq), ['OK']);
  assert.equal((await start(5))[1], 'job');
  assert.deepEqual(await redis.lrangeBuffer(keys.lost, 0, -1), foreign);
  assert.equal(await queue.lost(), 4);
  assert.deepEqual(await start(6), ['OK'], 'an id that was put twice starts once');
});

test('lists are newest first, by page, and by the state a follower shares with its holder', async () => {
  const { queue, start, finish } = await setUp();
  for (let i = 0; i < 5; i++) {
    await queue.enqueue(`j${i}`, '{}', { hash: i < 2 ? 'h' : `h${i}` });
    await redis.zadd(queue.keys.all, 1000 + i, `j${i}`);
  }
  const ids = async (options: Parameters<typeof queue.list>[0]) => {
    const { records, matched } = await queue.list(options);
    return [records.map((r) => r.id).join(' '), matched];
  };
  assert.deepEqual(await ids({ offset: 1, limit: 2 }), ['j3 j2', 5]);
  assert.deepEqual(await ids({ offset: 9, limit: 2 }), ['', 5]);
  await start(1);
  await finish('j0', 'w1:1', 's');
  assert.deepEqual(await ids({ offset: 0, limit: 9, states: ['complete'] }), ['j1 j0', 2]);
  assert.deepEqual(await ids({ offset: 1, limit: 1, states: ['queued', 'active'] }), ['j3', 3]);
});

test('trimming forgets old ended jobs and keeps open ones, however old', async () => {
  const { queue, start, finish } = await setUp();
  for (let i = 0; i < 250; i++) await queue.enqueue(`open${i}`, '{}');
  await redis.lpush(queue.keys.list, '"ended"');
  await queue.enqueue('ended', '{}', { hash: 'h' });
  await queue.enqueue('follower', '{}', { hash: 'h' });
  await start(1);
  assert.equal(await queue.trim(Date.now() + 60_000), 0);
  await finish('ended', 'w1:1', 's');
  assert.equal(await queue.trim(Date.now() - 60_000), 0);
  assert.equal(await queue.trim(Date.now() + 60_000), 2);
  assert.deepEqual((await queue.get(['ended', 'follower'])).filter(Boolean), []);
  assert.equal((await queue.list({ offset: 0, limit: 0 })).matched, 250);
});

test('a store without room refuses new jobs, and lets those it has be worked to their end', async () => {
  const { queue, start, finish, progress, reap, beat, keys } = await setUp();
  for (const id of ['a', 'b']) await queue.enqueue(id, '{}', { hash: id });
  await redis.config('SET', 'maxmemory', '1mb');
  try {
    await assert.rejects(queue.enqueue('c', '{}'), /^ReplyError: OOM/);
    assert.deepEqual(await queue.get(['c']), [undefined]);
    await assert.rejects(queue.enqueue('c', '{}', { hash: 'c' }), /^ReplyError: OOM/);
    // Who asks again because an answer was lost hears that the job was accepted.
    for (const options of [{ hash: 'a' }, {}]) assert.equal((await queue.enqueue('a', '{}', options)).as, 'known');
    assert.equal((await start(1))[1], 'a');
    assert.deepEqual(await beat('w1'), ['OK']);
    assert.equal(await progress('a', 'w1:1', 50), 'OK');
    assert.equal(await finish('a', 'w1:1', 's'), 'OK');
    assert.equal((await start(2))[1], 'b');
    assert.equal(await reap('w1'), 1);
    assert.deepEqual(await redis.lrange(keys.list, 0, -1), ['"b"']);
  } finally {
    await redis.config('SET', 'maxmemory', '0');
  }
});

test('a list that is none is an error, and nothing of the job is there', async () => {
  const { queue, keys, name } = await setUp();
  await redis.set(keys.list, 'text');
  const jobs = [
    { id: 'a', payload: '{}' },
    { id: 'b', payload: '{}', hash: 'h' },
  ];
  for (const some of [...jobs.map((job) => [job]), jobs]) {
    await assert.rejects(queue.enqueueAll(some), /WRONGTYPE/);
    assert.deepEqual(
      (await redis.keys(`*${name}}*`)).filter((key) => !key.endsWith(':wk')),
      [],
    );
  }
  await redis.del(keys.list);
  assert.deepEqual(
    (await queue.enqueueAll(jobs)).map(({ as }) => as),
    ['new', 'new'],
  );
});

test('a lone job of a known id frees the content hash that only it named', async () => {
  const { queue } = await setUp();
  await queue.enqueue('a', '{}', { hash: 'h' });
  assert.equal((await queue.enqueue('a', '{}', { hash: 'other' })).as, 'known');
  assert.equal((await queue.enqueue('b', '{}', { hash: 'other' })).as, 'new');
  assert.equal((await queue.enqueue('c', '{}', { hash: 'h' })).as, 'joined');
});

test('a server that forgot the scripts is told them again', async () => {
  const { queue } = await setUp();
  await redis.script('FLUSH');
  assert.equal((await queue.enqueue('job', '{}')).as, 'new');
});

test('a job that is tried again waits for its time, keeps the attempt, and keeps those that follow it waiting', async () => {
  const { queue, start, finish, keys, promote } = await setUp();
  await queue.enqueue('job', '{}', { hash: 'h' });
  await queue.enqueue('follower', '{}', { hash: 'h' });
  await start(1);
  assert.equal(await finish('job', 'w1:1', 'r', 'no route to query', 1500), 'OK');
  assert.equal(await finish('job', 'w1:1', 'r', 'no route to query', 1500), 'OK', 'said twice');
  const [delayed, follower] = await queue.get(['job', 'follower']);
  assert.deepEqual([delayed?.state, delayed?.past[0]?.outcome, delayed?.past[0]?.reason], ['delayed', 'failed', 'no route to query']);
  assert.equal(follower?.state, 'joined');
  const next = (await promote()) as number;
  assert.ok(next > 0 && next <= 1500, `due in ${next} ms`);
  assert.deepEqual(await start(2), ['OK'], 'not before its time');
  await sleep(next + 2);
  assert.equal(await promote(), -1);
  assert.equal((await start(3))[1], 'job');
  await finish('job', 'w1:3', 's', '{"r":1}');
  const [job, ended] = await queue.get(['job', 'follower']);
  assert.deepEqual([job?.state, job?.attempts, ended?.state, ended?.note, ended?.token], ['complete', 2, 'complete', '{"r":1}', 'w1:3']);
  assert.equal(await redis.exists(keys.delayed, keys.followers('job')), 0);
});

test('a job that waits is cancelled at once, and never started', async () => {
  const { queue, start, keys } = await setUp();
  await queue.enqueue('waits', '{}');
  await queue.enqueue('later', '{}', { delayMs: 60_000 });
  assert.deepEqual(
    [await queue.cancel('waits'), await queue.cancel('later'), await queue.cancel('none')],
    ['cancelled', 'cancelled', undefined],
  );
  assert.equal(await queue.cancel('waits'), 'cancelled', 'again');
  await redis.rpush(keys.list, '"waits"');
  assert.deepEqual(await start(1), ['OK']);
  assert.equal(await redis.exists(keys.delayed), 0);
});

test('an active job is cancelled by who has it; its reply and the beat say so', async () => {
  const { queue, start, finish, progress, beat, keys } = await setUp();
  await queue.enqueue('job', '{}', { hash: 'h' });
  await start(1);
  assert.equal(await queue.cancel('job'), 'active');
  assert.deepEqual(await beat('w1'), ['OK', 'job']);
  assert.equal(await progress('job', 'w1:1', 10), 'CANCEL');
  await finish('job', 'w1:1', 'c');
  assert.equal((await queue.get(['job']))[0]?.state, 'cancelled');
  assert.equal(await queue.cancel('job'), 'cancelled');
  assert.equal(await redis.exists(keys.cancelled('w1'), keys.content('h')), 0);
});

test('a cancelled job that its worker would try again is cancelled instead', async () => {
  const { queue, start, finish, keys } = await setUp();
  await queue.enqueue('job', '{}');
  await start(1);
  assert.equal(await queue.cancel('job'), 'active');
  assert.equal(await finish('job', 'w1:1', 'r', 'no route', 0), 'OK');
  assert.equal((await queue.get(['job']))[0]?.state, 'cancelled');
  assert.equal(await redis.exists(keys.delayed, keys.cancelled('w1')), 0);
});

test('a stale end from the worker that has the job again leaves it in that worker’s hands', async () => {
  const { queue, start, finish, promote, reap } = await setUp();
  await queue.enqueue('job', '{}');
  await start(1);
  await finish('job', 'w1:1', 'r', 'first', 0);
  await promote();
  await start(2);
  await queue.cancel('job');
  assert.equal(await finish('job', 'w1:1', 's'), 'STALE');
  assert.equal(await redis.smembers(queue.keys.held('w1')).then(String), 'job');
  assert.equal(await reap('w1'), 0, 'the wish to cancel is kept too');
  assert.equal((await queue.get(['job']))[0]?.state, 'cancelled');
});

test('a cancelled job whose worker died is cancelled, not given to another', async () => {
  const { queue, start, reap } = await setUp();
  await queue.enqueue('job', '{}');
  await start(1);
  await queue.cancel('job');
  assert.equal(await reap('w1'), 0);
  assert.equal((await queue.get(['job']))[0]?.state, 'cancelled');
});

test('who follows a cancelled job takes its place, and the others follow the oldest of them', async () => {
  const { queue, start, finish, keys } = await setUp();
  for (const id of ['a', 'b', 'c', 'd']) {
    await queue.enqueue(id, '{}', { hash: 'h' });
    await sleep(2);
  }
  assert.equal(await queue.cancel('c'), 'cancelled', 'a follower: the others stay');
  assert.equal(await queue.cancel('a'), 'cancelled');
  const [b, d] = await queue.get(['b', 'd']);
  assert.deepEqual([b?.state, b?.of, d?.state, d?.of], ['queued', undefined, 'joined', 'b']);
  assert.deepEqual(await redis.lrange(keys.list, 0, -1), ['"b"']);
  assert.equal((await queue.enqueue('e', '{}', { hash: 'h' })).record.of, 'b');
  await start(1);
  await queue.cancel('b');
  await finish('b', 'w1:1', 'c');
  assert.equal((await queue.get(['d']))[0]?.state, 'queued');
  await start(2);
  await finish('d', 'w1:2', 's');
  assert.deepEqual(
    (await queue.get(['a', 'b', 'c', 'd', 'e'])).map((r) => r?.state),
    ['cancelled', 'cancelled', 'cancelled', 'complete', 'complete'],
  );
});

test('a queue that is paused starts nothing, and what was moved to an inbox goes back', async () => {
  const { queue, start, keys } = await setUp();
  await queue.enqueue('a', '{}');
  await redis.lmove(keys.list, keys.inbox('w1'), 'LEFT', 'RIGHT');
  await queue.pause();
  assert.equal(await queue.isPaused(), true);
  assert.deepEqual(await start(1), ['PAUSED']);
  assert.deepEqual(await redis.lrange(keys.list, 0, -1), ['"a"']);
  await queue.resume();
  assert.equal((await start(2))[1], 'a');
});

test('urgent jobs go to the head; many jobs are accepted in few calls, each with its own answer', async () => {
  const { queue, start } = await setUp();
  const jobs = Array.from({ length: 600 }, (_, i) => ({ id: `j${i}`, payload: `${i}` }));
  const first = await queue.enqueueAll(jobs);
  assert.deepEqual(
    first.map(({ as, record }) => `${as} ${record.payload}`),
    jobs.map(({ payload }) => `new ${payload}`),
  );
  assert.deepEqual(
    first.map(({ record }) => record),
    await queue.get(jobs.map(({ id }) => id)),
  );
  const again = await queue.enqueueAll([{ id: 'new', payload: '0' }, { id: 'new', payload: '1' }, ...jobs.slice(0, 2)]);
  assert.deepEqual(
    again.map(({ as, record }) => `${as} ${record.id} ${record.payload}`),
    ['new new 0', 'known new 0', 'known j0 0', 'known j1 1'],
  );
  await queue.enqueue('urgent', '{}', { isUrgent: true });
  assert.equal((await start(1))[1], 'urgent');
  assert.equal((await start(2))[1], 'j0');
});

test('failed jobs wait again when they are revived, with what happened before still told', async () => {
  const { queue, start, finish } = await setUp();
  await queue.enqueue('job', '{}', { hash: 'h' });
  await start(1);
  await finish('job', 'w1:1', 'f', '{"why":"x"}');
  assert.deepEqual(await queue.revive(['job', 'none']), ['job']);
  assert.deepEqual(await queue.revive(['job']), []);
  const [job] = await queue.get(['job']);
  assert.deepEqual([job?.state, job?.attempts, job?.past[0]?.outcome, job?.hash], ['queued', 0, 'failed', 'h']);
  assert.equal((await start(2))[1], 'job');
});

test('a job that outlived too many workers, and one that another program put, are revived as what they are', async () => {
  const { queue, start, finish, reap, keys } = await setUp();
  await queue.enqueue('poison', '{}');
  for (let crash = 1; crash <= 4; crash++) {
    await redis.hset(keys.workers, `p${crash}`, 1);
    await start(1, `p${crash}`);
    await reap(`p${crash}`);
  }
  assert.deepEqual(await queue.revive(['poison']), ['poison']);
  const [poison] = await queue.get(['poison']);
  assert.deepEqual([poison?.state, poison?.crashes, poison?.past.length], ['queued', 0, 4], 'its last attempt is told once');
  await redis.del(keys.list);
  await redis.rpush(keys.list, '{"n":1}');
  const [, , , id] = (await new SettlingConnection(redis, keys).run('cycle', ['w1', 9, 1, 'adopt', 60_000])) as [
    string,
    number,
    number,
    string,
  ];
  await finish(id, 'w1:9', 'f');
  assert.deepEqual(await queue.revive([id]), [id]);
  assert.equal((await queue.get([id]))[0]?.isForeign, true);
});

test('a job that failed with its workers can be revived; what happened to it is told once', async () => {
  const { queue, start, reap, keys } = await setUp();
  await queue.enqueue('job', '{}');
  for (let crash = 1; crash <= 4; crash++) {
    await redis.hset(keys.workers, `p${crash}`, 1);
    await start(1, `p${crash}`);
    await reap(`p${crash}`);
  }
  assert.deepEqual(await queue.revive(['job']), ['job']);
  const [job] = await queue.get(['job']);
  assert.deepEqual([job?.state, job?.crashes], ['queued', 0]);
  assert.deepEqual(
    job?.past.map(({ worker, outcome }) => `${worker} ${outcome}`),
    ['p1 lost', 'p2 lost', 'p3 lost', 'p4 lost'],
  );
});

test('revived jobs of equal content are worked once, and not beside another of it that is open', async () => {
  const { queue, start, finish } = await setUp();
  await queue.enqueue('a', '{}', { hash: 'h' });
  await queue.enqueue('b', '{}', { hash: 'h' });
  await start(1);
  await finish('a', 'w1:1', 'f');
  await queue.enqueue('c', '{}', { hash: 'h' });
  assert.deepEqual(await queue.revive(['a', 'b']), ['a', 'b']);
  assert.deepEqual(
    (await queue.get(['a', 'b', 'c'])).map((r) => `${r?.state} ${r?.of}`),
    ['joined c', 'joined c', 'queued undefined'],
  );
  assert.equal(await queue.depth(), 1);
  await start(2);
  await finish('c', 'w1:2', 'f');
  assert.deepEqual(await queue.revive(['b', 'a']), ['b', 'a']);
  assert.deepEqual(
    (await queue.get(['a', 'b'])).map((r) => `${r?.state} ${r?.of}`),
    ['joined b', 'queued undefined'],
  );
});

test('ids that Python pickled are ids; nothing else that is pickled is', async () => {
  const { queue, start, keys } = await setUp();
  // pickle.dumps('job<protocol>', protocol) of CPython 3.11 for 2 to 5, and of Python 2.7's str for 2.
  const pickled = [
    '80025804000000 6a6f6232 71002e',
    '80035804000000 6a6f6233 71002e',
    '80049508000000000000008c04 6a6f6234 942e',
    '80059508000000000000008c04 6a6f6235 942e',
    '80025504 6a6f6237 71002e',
  ];
  for (const id of ['job2', 'job3', 'job4', 'job5', 'job7']) await queue.enqueue(id, '{}', { delayMs: 0 });
  await redis.del(keys.list);
  await redis.rpush(keys.list, ...pickled.map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex')), Buffer.from('80045d942e', 'hex'));
  const started: (string | undefined)[] = [];
  for (let seq = 1; seq <= 6; seq++) started.push((await start(seq))[1]);
  assert.deepEqual(started, ['job2', 'job3', 'job4', 'job5', 'job7', undefined]);
  assert.equal(await queue.lost(), 1);
});

test('without another limit a server is waited for as long as a disk that is synced every second may take', {
  timeout: 30_000,
}, async () => {
  const own = await startTestRedis();
  const monitor = await own.connect(1).monitor();
  try {
    const waited = new Promise<string[]>((resolve) =>
      monitor.on('monitor', (_time: string, words: string[]) => words[0]?.toUpperCase() === 'WAIT' && resolve(words)),
    );
    const confirmed = new ReliableQueue(own.connect(1), 'q').confirm('replicated');
    assert.deepEqual((await waited).slice(1), ['1', '2500']);
    assert.equal(await confirmed, 'unconfirmed');
  } finally {
    monitor.disconnect();
    await own.end();
  }
});

test('an idempotency key stands for what it was first used with', async () => {
  const { queue } = await setUp();
  assert.deepEqual([await queue.firstUse('k', 'one', 60_000), await queue.firstUse('k', 'two', 60_000)], ['one', 'one']);
  assert.equal(await queue.firstUse('other', 'two', 60_000), 'two');
});

test('a job that the server lost meanwhile is never said to be safe, although the connection that is asked wrote nothing', async () => {
  const master = await startTestRedis(['--repl-diskless-sync-delay', '0']);
  const replica = await startTestRedis(['--replicaof', '127.0.0.1', String(master.port)]);
  const redis = new Redis(master.port, '127.0.0.1', { db: 1, protocol: 2, retryStrategy: () => 20 });
  redis.on('error', () => {});
  try {
    const queue = new ReliableQueue(redis, 'q');
    const withReplica = async () => {
      for (const end = Date.now() + 20_000; !/^slave0:.*state=online/m.test(await redis.info('replication')); await sleep(50))
        assert.ok(Date.now() < end);
    };
    await withReplica();
    await queue.enqueue('job', '{}');
    assert.equal(await queue.confirm('replicated', 5000, ['job']), 'replicated');
    await master.kill();
    await master.start();
    await withReplica();
    assert.equal((await queue.get(['job']))[0], undefined, 'it kept nothing');
    assert.equal(await queue.confirm('replicated', 5000, ['job']), 'unconfirmed');
  } finally {
    redis.disconnect();
    await replica.end();
    await master.end();
  }
});

test('who asks on a connection that wrote nothing is not told that a job is safe that others just put', async () => {
  const master = await startTestRedis(['--repl-diskless-sync-delay', '0']);
  const replica = await startTestRedis(['--replicaof', '127.0.0.1', String(master.port)]);
  try {
    const [one, other] = [new ReliableQueue(master.connect(1), 'q'), new ReliableQueue(master.connect(1), 'q')];
    const isSafe = async () => (await one.enqueue('first', '{}')) && (await one.confirm('replicated', 1000)) === 'replicated';
    for (const end = Date.now() + 30_000; !(await isSafe()); ) assert.ok(Date.now() < end);
    process.kill(replica.pid, 'SIGSTOP');
    await one.enqueue('job', '{}');
    assert.equal(await other.confirm('replicated', 300, ['job']), 'unconfirmed');
    await one.enqueue('later', '{}');
    assert.equal((await other.enqueue('later', '{}')).as, 'known');
    assert.equal(await other.confirm('replicated', 300, ['later']), 'unconfirmed', 'nor of one that it put again');
    process.kill(replica.pid, 'SIGCONT');
    assert.equal(await other.confirm('replicated', 30_000, ['job']), 'replicated');
  } finally {
    process.kill(replica.pid, 'SIGCONT');
    await replica.end();
    await master.end();
  }
});

test('nor on one that wrote before others put the job, when it says so', async () => {
  const master = await startTestRedis(['--repl-diskless-sync-delay', '0']);
  const replica = await startTestRedis(['--replicaof', '127.0.0.1', String(master.port)]);
  try {
    const [one, other] = [new ReliableQueue(master.connect(1), 'q'), new ReliableQueue(master.connect(1), 'q')];
    const isSafe = async () => (await other.enqueue('first', '{}')) && (await other.confirm('replicated', 1000)) === 'replicated';
    for (const end = Date.now() + 30_000; !(await isSafe()); ) assert.ok(Date.now() < end);
    process.kill(replica.pid, 'SIGSTOP');
    await one.enqueue('job', '{}');
    assert.equal(await other.confirm('replicated', 300, ['job'], { isOthers: true }), 'unconfirmed');
    process.kill(replica.pid, 'SIGCONT');
    assert.equal(await other.confirm('replicated', 30_000, ['job'], { isOthers: true }), 'replicated');
  } finally {
    process.kill(replica.pid, 'SIGCONT');
    await replica.end();
    await master.end();
  }
});

test('how durable a job is, is what the server says', async () => {
  const { queue } = await setUp();
  assert.equal(await queue.confirm('memory'), 'memory');
  assert.equal(await queue.confirm('fsync', 50), 'unconfirmed', 'this server keeps no file');
  assert.equal(await queue.confirm('replicated', 50), 'unconfirmed', 'this server has no replica');
  const safe = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  try {
    const other = new ReliableQueue(safe.connect(1), 'q');
    await other.enqueue('job', '{}');
    assert.equal(await other.confirm('fsync'), 'fsync');
    assert.equal(await other.confirm('fsync', 1000, ['job']), 'fsync');
    assert.equal(await other.confirm('fsync', 1000, ['job', 'none']), 'unconfirmed');
  } finally {
    await safe.end();
  }
});
