import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Job, ProblemError, storeUnavailable } from '@almanac/domain';
import { queueKeys, silent } from '@almanac/hotqueue';
import { startTestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { Value } from 'typebox/value';
import {
  GivePlaceBack,
  Interrupted,
  JobQueue,
  JobWorker,
  type JobWorkerOptions,
  type NewJob,
  type Outcome,
  startObserver,
} from './index.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
let n = 0;

const newJob = (inputs: Record<string, unknown> = { dataset: 'stones' }): NewJob => ({
  id: randomUUID(),
  process: 'plot',
  inputs,
  outputs: ['png'],
  dataset: { id: 'stones', version: '3-0123456789abcdef', digest: 'd'.repeat(64) },
  message: 'year is a number, so it is counted.',
  requestId: 'request-1',
});
const picture: Outcome = { results: { png: { type: 'image/png', bytes: 5 } }, description: 'A histogram.', notes: ['3 left out'] };

function setUp() {
  const name = `jobs${++n}`;
  const queue = new JobQueue(redis, { queue: name });
  const startWorker = (handle: JobWorkerOptions['handle'], options: Partial<JobWorkerOptions> = {}) => {
    const blocking = store.connect(1);
    const worker = new JobWorker({ redis, blocking, queue: name, logger: silent, blockSeconds: 0.1, handle, ...options });
    cleanups.push(() => worker.stop(100));
    return worker.start();
  };
  return { name, keys: queueKeys(name), queue, startWorker };
}

test('a new job is a whole record at once: submitted, queued, with links', async () => {
  const { queue } = setUp();
  const given = newJob();
  const job = await queue.submit(given, { hash: 'h' });
  assert.deepEqual([...Value.Errors(Job, job)], []);
  assert.deepEqual(await queue.get(given.id), job);
  assert.deepEqual(
    [job.status, job.progress, job.stage, job.message, job.cache, job.started, job.finished, job.worker],
    ['submitted', 0, 'queued', given.message, 'miss', null, null, null],
  );
  assert.deepEqual([job.inputs, job.dataset, job.requestId, job.attempts], [given.inputs, given.dataset, 'request-1', []]);
  assert.match(job.created, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual(job.links[1], { rel: 'results', href: `/v1/jobs/${given.id}/results` });
  assert.equal(await queue.get(randomUUID()), undefined);
  assert.equal((await queue.submit(given)).id, given.id, 'the same again is the same job');
  assert.equal(await queue.depth(), 1);
});

test('a job is followed through its stages to complete; its token tells where the results lie', async () => {
  const { queue, startWorker } = setUp();
  const seen: Job[] = [];
  let token = '';
  startWorker(async (job, context) => {
    token = context.token;
    assert.equal(job.status, 'in progress');
    await context.progress(30, 'draw');
    seen.push((await queue.get(job.id)) as Job);
    return { ...picture, message: 'chosen otherwise' };
  });
  const { id } = await queue.submit(newJob());
  const job = (await queue.waitFor(id, 5000)) as Job;
  assert.deepEqual([seen[0]?.status, seen[0]?.progress, seen[0]?.stage, seen[0]?.attempts.length], ['in progress', 30, 'draw', 1]);
  assert.deepEqual([...Value.Errors(Job, job)], []);
  assert.deepEqual(
    [job.status, job.progress, job.stage, job.message, job.description, job.notes],
    ['complete', 100, null, 'chosen otherwise', 'A histogram.', ['3 left out']],
  );
  assert.deepEqual(job.results, { png: { href: `/v1/jobs/${id}/results/png`, type: 'image/png', bytes: 5 } });
  assert.equal(job.attempts[0]?.outcome, 'complete');
  assert.ok(job.started !== null && job.finished !== null && job.created <= job.started && job.started <= job.finished);
  assert.deepEqual((await queue.read(id))?.place, { jobId: id, token });
});

test('a thrown problem is the failed job’s problem; anything else says no more than that', async () => {
  const { queue, startWorker } = setUp();
  startWorker(async (job, { progress }) => {
    await progress(60, 'draw');
    throw job.inputs.bad === 1 ? new ProblemError('empty-data', 'No record is left.') : new Error('secret detail');
  });
  const ids = await Promise.all([1, 2].map(async (bad) => (await queue.submit(newJob({ bad }))).id));
  const [expected, unexpected] = (await Promise.all(ids.map((id) => queue.waitFor(id, 5000)))) as [Job, Job];
  assert.deepEqual([expected.status, expected.problem?.type, expected.message], ['failed', '/problems/empty-data', 'No record is left.']);
  assert.deepEqual([expected.progress, expected.attempts[0]?.outcome], [60, 'failed']);
  assert.deepEqual([unexpected.problem?.status, JSON.stringify(unexpected).includes('secret')], [500, false]);
  assert.equal((await queue.read(ids[0] as string))?.place, undefined);
});

test('what a job needs is away for a moment: it waits and tries again, and is not failed', async () => {
  const { queue, startWorker } = setUp();
  let tries = 0;
  startWorker(async () => {
    if (++tries === 1) throw storeUnavailable();
    if (tries === 2) throw new Error('Connection is closed.');
    return picture;
  });
  const { id } = await queue.submit(newJob());
  const job = await queue.waitFor(id, 5000);
  assert.deepEqual([job?.status, job?.attempts.length, tries], ['complete', 1, 3]);
});

test('a store that is full when a result is saved: the job is given back, says why, and is complete once there is room', async () => {
  const { queue, startWorker } = setUp();
  const results = store.connect(2);
  const makeRoom = () => redis.config('SET', 'maxmemory', '0');
  cleanups.push(makeRoom);
  const { id } = await queue.submit(newJob());
  await redis.config('SET', 'maxmemory', '100kb');
  const handle = async () => {
    await results.rpush('result:saved', `5 ${id}`);
    return picture;
  };
  startWorker(handle, { waits: [] });
  let message = '';
  for (let i = 0; i < 1000 && !/^The store is full/.test(message); i++) {
    await sleep(5);
    message = (await queue.get(id))?.message ?? '';
  }
  assert.match(message, /^The store is full/);
  await makeRoom();
  const job = await queue.waitFor(id, 20_000);
  assert.equal(job?.status, 'complete');
  assert.equal(job.attempts.length, 1, 'waiting for room is no failed attempt');
});

test('a repeat while the first runs follows it to its end; one afterwards is complete at once', async () => {
  const { queue, startWorker } = setUp();
  let runs = 0;
  const go = Promise.withResolvers<void>();
  const [first, second, third] = [newJob(), newJob(), newJob()];
  await queue.submit(first, { hash: 'same' });
  const repeat = await queue.submit(second, { hash: 'same' });
  assert.deepEqual([repeat.status, repeat.cache, repeat.resultOf], ['submitted', 'hit', first.id]);
  startWorker(async (_, { progress }) => {
    runs++;
    await progress(10, 'read');
    await go.promise;
    return picture;
  });
  while ((await queue.get(second.id))?.stage !== 'read') await sleep(5);
  assert.equal((await queue.list({ limit: 10, offset: 0 }, { status: 'in progress' })).matched, 2);
  go.resolve();
  const followed = (await queue.waitFor(second.id, 5000)) as Job;
  const later = await queue.submit(third, { hash: 'same' });
  for (const [job, id] of [
    [followed, second.id],
    [later, third.id],
  ] as const) {
    assert.deepEqual([job.status, job.cache, job.resultOf, job.attempts], ['complete', 'hit', first.id, []]);
    assert.deepEqual(job.results.png?.href, `/v1/jobs/${id}/results/png`);
    assert.ok(job.finished !== null && job.finished >= job.created);
    assert.deepEqual((await queue.read(id))?.place, (await queue.read(first.id))?.place);
  }
  assert.equal(runs, 1);
  await queue.forget(first.id);
  assert.equal((await queue.submit(newJob(), { hash: 'same' })).cache, 'miss');
});

test('a repeat fails with the job it follows, and the next try is a new one', async () => {
  const { queue, startWorker } = setUp();
  const [first, second] = [await queue.submit(newJob(), { hash: 'h' }), await queue.submit(newJob(), { hash: 'h' })];
  startWorker(async () => {
    throw new ProblemError('empty-data', 'No record is left.');
  });
  assert.equal((await queue.waitFor(first.id, 5000))?.status, 'failed');
  assert.equal((await queue.get(second.id))?.problem?.detail, 'No record is left.');
  assert.equal((await queue.submit(newJob(), { hash: 'h' })).cache, 'miss');
});

test('a lost attempt stays in the record; a job that kills its workers fails as such', async () => {
  const { name, queue, keys, startWorker } = setUp();
  const observer = startObserver({ redis, queue: name, logger: silent });
  cleanups.push(() => observer.stop());
  const { id } = await queue.submit(newJob());
  const worker = startWorker(() => new Promise(() => {}));
  const names: string[] = [];
  for (let crash = 1; crash <= 4; crash++) {
    let holder: string | null | undefined;
    while (holder === null || holder === undefined || names.includes(holder)) holder = (await queue.get(id))?.worker;
    names.push(holder);
    // The worker is taken for dead; like one that was killed, it knows nothing of it yet. It goes on when it beats.
    await redis.hset(keys.workers, holder, 'x');
    await observer.reapNow(holder);
    if (crash === 1) {
      const lost = (await queue.get(id)) as Job;
      assert.deepEqual(
        [lost.status, lost.started, lost.attempts[0]?.outcome, lost.attempts[0]?.worker],
        ['submitted', null, 'lost', holder],
      );
      await worker.stop(1);
    }
    if (crash < 4) {
      const next = startWorker(() => new Promise(() => {}));
      cleanups.push(() => next.stop(1));
    }
  }
  const job = (await queue.get(id)) as Job;
  assert.deepEqual([job.status, job.problem?.type, job.attempts.length], ['failed', '/problems/job-failed', 4]);
  assert.match(job.message as string, /4 workers died/);
});

test('a reply that is lost on the way costs the caller nothing: the job is accepted, once', async () => {
  const { name } = setUp();
  const own = new Redis(store.port, '127.0.0.1', { db: 1, protocol: 2, autoResendUnfulfilledCommands: false, retryStrategy: () => 20 });
  own.on('error', () => {});
  cleanups.push(() => own.disconnect());
  const queue = new JobQueue(own, { queue: name });
  const id = String(await own.client('ID'));
  // The call arrives and has to wait; its connection ends meanwhile.
  await redis.call('CLIENT', 'PAUSE', '10000', 'WRITE');
  // Not events.once: it would take the connection's own error for a failure of the test.
  const reconnected = new Promise((resolve) => own.once('ready', resolve));
  const accepted = queue.submit(newJob(), { hash: 'h' });
  await redis.call('CLIENT', 'KILL', 'ID', id);
  await reconnected;
  await redis.call('CLIENT', 'UNPAUSE');
  assert.equal((await accepted).status, 'submitted');
  assert.deepEqual([await queue.depth(), (await queue.list({ limit: 9, offset: 0 })).matched], [1, 1]);
});

test('waiting ends when the time is up, or when told to, with the job as it is', async () => {
  const { queue } = setUp();
  const { id } = await queue.submit(newJob());
  assert.equal((await queue.waitFor(id, 60))?.status, 'submitted');
  const begun = Date.now();
  assert.equal((await queue.waitFor(id, 60_000, AbortSignal.timeout(60)))?.status, 'submitted');
  assert.ok(Date.now() - begun < 5000);
  assert.equal(await queue.waitFor(randomUUID(), 60_000), undefined);
});

test('jobs are listed newest first, by page and status; old ended ones are forgotten', async () => {
  const { queue, startWorker } = setUp();
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    ids.push((await queue.submit(newJob({ i }))).id);
    await sleep(2);
  }
  const { jobs, matched } = await queue.list({ limit: 2, offset: 0 });
  assert.deepEqual([jobs.map((job) => job.id), matched], [[ids[2], ids[1]], 3]);
  assert.equal((await queue.list({ limit: 2, offset: 0 }, { status: 'complete' })).matched, 0);
  startWorker(async () => picture);
  await Promise.all(ids.map((id) => queue.waitFor(id, 5000)));
  assert.equal((await queue.list({ limit: 2, offset: 2 }, { status: 'complete' })).jobs[0]?.id, ids[0]);
  assert.equal(await queue.trim(60_000), 0);
  await sleep(2);
  assert.equal(await queue.trim(0), 3);
  assert.equal(await queue.get(ids[0] as string), undefined);
});

test('jobs of several queues are one list, filtered and read on from where a page ended', async () => {
  const { name, queue } = setUp();
  queue.open(`${name}-other`);
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) {
    const job = {
      ...newJob({ i }),
      process: i % 2 === 0 ? 'plot' : 'other',
      dataset: { id: i < 3 ? 'a' : 'b', version: '1', digest: 'd' },
    };
    ids.unshift((await queue.submit(job, { queue: i % 2 === 0 ? name : `${name}-other` })).id);
    await sleep(2);
  }
  const seen = async (...asked: Parameters<JobQueue['list']>) => {
    const { jobs, matched, next } = await queue.list(...asked);
    return [jobs.map((job) => ids.indexOf(job.id)).join(''), matched, next === undefined ? undefined : ids.indexOf(next.id)];
  };
  assert.deepEqual(await seen({ limit: 9, offset: 0 }), ['012345', 6, undefined]);
  assert.deepEqual(await seen({ limit: 2, offset: 1 }), ['12', 6, 2]);
  assert.deepEqual(await seen({ limit: 9, offset: 0 }, { process: 'other' }), ['024', 3, undefined]);
  assert.deepEqual(await seen({ limit: 9, offset: 0 }, { dataset: 'a', process: 'plot' }), ['35', 2, undefined]);
  const { jobs, next } = await queue.list({ limit: 2, offset: 0 });
  await queue.submit(newJob());
  assert.deepEqual(await seen({ limit: 2, offset: 0, after: next }), ['23', 4, 3]);
  await queue.remove(jobs[1]?.id as string);
  assert.deepEqual(await seen({ limit: 2, offset: 0, after: next }), ['23', 4, 3], 'the job where the page ended is gone');
  const third = Date.parse((await queue.get(ids[3] as string))?.created as string);
  assert.deepEqual(await seen({ limit: 9, offset: 0 }, { to: third, status: 'submitted' }), ['345', 3, undefined]);
  assert.deepEqual(await seen({ limit: 9, offset: 0 }, { to: third, from: third }), ['3', 1, undefined]);
  assert.equal((await queue.get(ids[0] as string))?.process, 'other');
  assert.equal(await queue.depth(), 7);
});

test('a cancelled job that waits is cancelled at once, and who waits for it is told', async () => {
  const { queue } = setUp();
  const { id } = await queue.submit(newJob());
  const waited = queue.waitFor(id, 60_000);
  await sleep(100);
  assert.equal(await queue.cancel(id), true);
  assert.equal((await waited)?.status, 'cancelled');
  assert.equal(await queue.cancel(randomUUID()), false);
  assert.deepEqual(await queue.revive([id]), [id]);
  assert.equal((await queue.get(id))?.status, 'submitted');
});

test('a job whose service stays away gives its place back: others run, no attempt is counted, and the record says why', async () => {
  const { queue, startWorker } = setUp();
  let isAwayStill = true;
  startWorker(
    async ({ inputs }) => {
      if (inputs.needs === 'query' && isAwayStill) throw new ProblemError('unavailable', 'query cannot be reached');
      return picture;
    },
    { waits: [] },
  );
  const { id } = await queue.submit(newJob({ needs: 'query' }));
  const other = await queue.submit(newJob());
  assert.equal((await queue.waitFor(other.id, 5000))?.status, 'complete', 'a worker of one place is free for it');
  const waiting = (await queue.get(id)) as Job;
  assert.deepEqual([waiting.status, waiting.message, waiting.attempts], ['submitted', 'query cannot be reached', []]);
  isAwayStill = false;
  const job = (await queue.waitFor(id, 8000)) as Job;
  assert.deepEqual([job.status, job.attempts.map(({ outcome }) => outcome)], ['complete', ['complete']]);
});

test('a job waits for what is away as long as it may, over all its waits, and then fails with the reason', async () => {
  const { queue, startWorker } = setUp();
  let runs = 0;
  startWorker(
    async () => {
      runs++;
      throw new GivePlaceBack('query has no room', { afterMs: 20 });
    },
    { waitWithinMs: 300 },
  );
  const { id } = await queue.submit(newJob());
  const job = (await queue.waitFor(id, 8000)) as Job;
  assert.deepEqual([job.status, job.attempts.length], ['failed', 1]);
  assert.match(job.message as string, /query has no room The job waited for \d+ s in total/);
  assert.ok(runs > 2, `${runs} runs`);
});

for (const word of ['OOM command not allowed', 'BUSY Redis is busy', 'NOREPLICAS Not enough', 'TRYAGAIN Multiple keys', 'READONLY You']) {
  test(`a store that says ${word.split(' ')[0]} at a result gives the job back`, async () => {
    const { queue, startWorker } = setUp();
    let runs = 0;
    startWorker(
      async () => {
        if (++runs === 1) throw Object.assign(new Error(word), { name: 'ReplyError' });
        return picture;
      },
      { waits: [] },
    );
    const { id } = await queue.submit(newJob());
    let seen: Job | undefined;
    for (let i = 0; i < 200 && !seen?.stage?.startsWith('waiting'); i++) {
      seen = await queue.get(id);
      await sleep(5);
    }
    assert.match(seen?.message as string, word.startsWith('OOM') ? /store is full/ : /store refuses/);
    const job = (await queue.waitFor(id, 8000)) as Job;
    assert.deepEqual([job.status, job.attempts.length], ['complete', 1]);
  });
}

test('a job whose process is killed from outside is tried again like one of a lost worker, up to the cap of crashes', async () => {
  const { queue, startWorker } = setUp();
  const runs = new Map<string, number>();
  startWorker(
    async ({ id, inputs }) => {
      const run = (runs.get(id) ?? 0) + 1;
      runs.set(id, run);
      if (run <= (inputs.kills as number)) throw new Interrupted('The drawing process was ended by SIGKILL.');
      return picture;
    },
    { retry: { baseMs: 10 } },
  );
  const ids = (await Promise.all([1, 3, 99].map((kills) => queue.submit(newJob({ kills }))))).map(({ id }) => id);
  const [once, thrice, always] = (await Promise.all(ids.map((id) => queue.waitFor(id, 8000)))) as [Job, Job, Job];
  const outcomes = ({ attempts }: Job) => attempts.map(({ outcome }) => outcome);
  assert.deepEqual(outcomes(once), ['lost', 'complete']);
  assert.equal(once.attempts[0]?.message, 'The drawing process was ended by SIGKILL.');
  assert.deepEqual(outcomes(thrice), ['lost', 'lost', 'lost', 'complete']);
  assert.deepEqual([outcomes(always), always.message], [['lost', 'lost', 'lost', 'failed'], 'The drawing process was ended by SIGKILL.']);
});

test('what a worker found out fits the record of its job, however large the values of the data are', async () => {
  const { queue, startWorker } = setUp();
  const column = (value: string) => ({ count: 1, missing: 0, min: value, max: value, mostFrequent: { value, count: 1 } });
  const few = { a: column('x'.repeat(2_000_000)), b: { count: 1, missing: 0, min: 1, max: 2 } };
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`c${i}`, column('y'.repeat(300))]));
  startWorker(async ({ inputs }) => ({ ...picture, notes: ['n'.repeat(100_000)], statistics: inputs.many === true ? many : few }));
  const ids = (await Promise.all([queue.submit(newJob()), queue.submit(newJob({ many: true }))])).map(({ id }) => id);
  const [cut, left] = (await Promise.all(ids.map((id) => queue.waitFor(id, 8000)))) as [Job, Job];
  assert.deepEqual([cut.statistics?.a?.mostFrequent?.value.length, cut.statistics?.b?.max, cut.notes[0]?.length], [200, 2, 500]);
  assert.deepEqual([left.statistics, left.notes.at(-1)], [undefined, 'The statistics are too large for the job record and are left out.']);
});

test('a job is called safe only by a server that has it: in the queue it was put in', async () => {
  const safe = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  try {
    const client = safe.connect(1);
    const queue = new JobQueue(client, { queue: 'first' });
    const { id } = await queue.submit(newJob(), { queue: 'second' });
    assert.equal(await queue.confirm(id, 'fsync', { queue: 'second' }), 'fsync');
    assert.equal(await queue.confirm(id, 'memory', { queue: 'second' }), 'memory');
    // What a server that came back without its last writes looks like.
    await client.del(queueKeys('second').record(id));
    assert.equal(await queue.confirm(id, 'fsync', { queue: 'second' }), 'unconfirmed');
  } finally {
    await safe.end();
  }
});
