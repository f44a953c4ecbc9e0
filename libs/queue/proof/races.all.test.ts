// F16: two want different things of the same job at the same time, thousands of times.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startTestRedis } from '@almanac/testkit';
import { queueKeys, ReliableQueue } from '../src/index.ts';
import { SettlingConnection } from '../src/settling-connection.ts';
import { faultsOf, takeReading } from './chaos/reading.ts';

const store = await startTestRedis();
after(() => store.end());
const TIMES = 10_000;

/** Two who do not know of each other, and a registered worker of each. */
async function setUp(name: string) {
  const sides = [store.connect(1), store.connect(1)].map((redis, i) => ({
    queue: new ReliableQueue(redis, name),
    connection: new SettlingConnection(redis, queueKeys(name)),
    worker: `w${i}`,
  }));
  for (const { connection, worker } of sides) await connection.run('beat', [worker, 'new']);
  const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
  return { a, b, read: () => takeReading(store.connect(1), name) };
}

/** Both at once, in either order of sending. */
const both = async <A, B>(i: number, one: () => Promise<A>, other: () => Promise<B>): Promise<[A, B]> => {
  if (i % 2 === 0) return Promise.all([one(), other()]);
  const [second, first] = await Promise.all([other(), one()]);
  return [first, second];
};

test('F16: cancelled while a worker takes it: either it began or it never will', async (t) => {
  const { a, b, read } = await setUp('take');
  const won = { cancelled: 0, begun: 0 };
  for (let i = 0; i < TIMES; i++) {
    await a.queue.enqueue(`j${i}`, '{}');
    const [state, reply] = await both(
      i,
      () => a.queue.cancel(`j${i}`),
      () => b.connection.run('cycle', [b.worker, i, 1, '', 0]),
    );
    const hasBegun = (reply as string[])[3] === `j${i}`;
    assert.equal(state, hasBegun ? 'active' : 'cancelled');
    won[hasBegun ? 'begun' : 'cancelled']++;
  }
  t.diagnostic(JSON.stringify(won));
  assert.deepEqual(faultsOf(await read()), []);
});

test('F16: cancelled while it ends: it ends once, as the worker said, and the answer is true', async (t) => {
  const { a, b, read } = await setUp('end');
  const won = { ended: 0, asked: 0 };
  for (let i = 0; i < TIMES; i++) {
    await a.queue.enqueue(`j${i}`, '{}');
    await b.connection.run('cycle', [b.worker, i, 1, '', 0]);
    const end = () => b.connection.run('cycle', [b.worker, `e${i}`, 0, '', 0, `j${i}`, `${b.worker}:${i}`, 's', '{}', 0]);
    const [state, reply] = await both(i, () => a.queue.cancel(`j${i}`), end);
    assert.deepEqual(reply, ['OK', 0, 0]);
    assert.ok(state === 'active' || state === 'complete');
    won[state === 'complete' ? 'ended' : 'asked']++;
  }
  t.diagnostic(JSON.stringify(won));
  assert.equal((await a.queue.counts()).complete, TIMES);
  assert.deepEqual(faultsOf(await read()), []);
});

test('F16: reaped while it ends: the end counts or the job is another’s, never both', async (t) => {
  const { a, b, read } = await setUp('reap');
  const won = { ended: 0, reaped: 0 };
  for (let i = 0; i < TIMES; i++) {
    const worker = `r${i}`;
    await b.connection.run('beat', [worker, 'new']);
    await a.queue.enqueue(`j${i}`, '{}');
    await b.connection.run('cycle', [worker, i, 1, '', 0]);
    const end = () => b.connection.run('cycle', [worker, `e${i}`, 0, '', 0, `j${i}`, `${worker}:${i}`, 's', '{}', 0]) as Promise<string[]>;
    const [back, reply] = await both(i, () => a.connection.run('reap', [worker, '', 3, 'lost']), end);
    assert.equal(reply[0], back === 1 ? 'FENCED' : 'OK');
    won[back === 1 ? 'reaped' : 'ended']++;
    if (back === 1) await a.queue.cancel(`j${i}`);
    await a.connection.run('reap', [worker, 'x', 3, 'lost']);
  }
  t.diagnostic(JSON.stringify(won));
  assert.deepEqual(faultsOf(await read()), []);
});

test('F16: two reap the same worker: one does', async () => {
  const { a, b, read } = await setUp('reapers');
  for (let i = 0; i < TIMES; i++) {
    await a.connection.run('beat', [`r${i}`, 'new']);
    const answers = await both(
      i,
      () => a.connection.run('reap', [`r${i}`, '1', 3, 'lost']),
      () => b.connection.run('reap', [`r${i}`, '1', 3, 'lost']),
    );
    assert.deepEqual((answers as number[]).sort(), [-1, 0]);
    await a.connection.run('reap', [`r${i}`, 'x', 3, 'lost']);
  }
  assert.deepEqual(faultsOf(await read()), []);
});

test('F16: paused while a worker takes: what began, began before the answer; nothing begins after it', async () => {
  const { a, b, read } = await setUp('pause');
  for (let i = 0; i < TIMES; i++) {
    await a.queue.enqueue(`j${i}`, '{}');
    const [, first] = await both(
      i,
      () => a.queue.pause(),
      () => b.connection.run('cycle', [b.worker, i, 1, '', 0]) as Promise<string[]>,
    );
    const second = (await b.connection.run('cycle', [b.worker, `s${i}`, 1, '', 0])) as string[];
    assert.deepEqual(second.slice(0, 2), ['PAUSED', 0]);
    const [, third] = await both(
      i,
      () => a.queue.resume(),
      () => b.connection.run('cycle', [b.worker, `t${i}`, 1, '', 0]) as Promise<string[]>,
    );
    const fourth = (await b.connection.run('cycle', [b.worker, `u${i}`, 1, '', 0])) as string[];
    assert.deepEqual(
      [first, third, fourth].filter((reply) => reply.length > 3).map((reply) => reply[3]),
      [`j${i}`],
      'once',
    );
  }
  assert.deepEqual(faultsOf(await read()), []);
});

test('F16: equal content asked for by two: one is worked, the other follows it', async (t) => {
  const { a, b, read } = await setUp('equal');
  const won = { a: 0, b: 0 };
  for (let i = 0; i < TIMES; i++) {
    const answers = await both(
      i,
      () => a.queue.enqueue(`a${i}`, '{}', { hash: `h${i}` }),
      () => b.queue.enqueue(`b${i}`, '{}', { hash: `h${i}` }),
    );
    assert.deepEqual(answers.map(({ as }) => as).sort(), ['joined', 'new']);
    won[answers[0].as === 'new' ? 'a' : 'b']++;
  }
  t.diagnostic(JSON.stringify(won));
  assert.equal(await a.queue.depth(), TIMES);
  assert.deepEqual(faultsOf(await read()), []);
});

test('F16: the holder of a content is cancelled while another asks for it: the other is worked, by itself or as the heir', async (t) => {
  const { a, b, read } = await setUp('heir');
  const won = { new: 0, joined: 0, known: 0 };
  for (let i = 0; i < TIMES; i++) {
    await a.queue.enqueue(`a${i}`, '{}', { hash: 'h' });
    const [state, { as }] = await both(
      i,
      () => a.queue.cancel(`a${i}`),
      () => b.queue.enqueue(`b${i}`, '{}', { hash: 'h' }),
    );
    assert.equal(state, 'cancelled');
    won[as]++;
    const [record] = await b.queue.get([`b${i}`]);
    assert.equal(record?.state, 'queued');
    await b.connection.run('cycle', [b.worker, i, 1, '', 0]);
    await b.connection.run('cycle', [b.worker, `e${i}`, 0, '', 0, `b${i}`, `${b.worker}:${i}`, 'f', '{}', 0]);
  }
  t.diagnostic(JSON.stringify(won));
  assert.equal(await a.queue.depth(), 0);
  assert.deepEqual(faultsOf(await read()), []);
});
