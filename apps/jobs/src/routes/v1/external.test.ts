import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Problem } from '@almanac/domain';
import { type Observer, startObserver } from '@almanac/job-queue';
import { type Answer, loadStones, startJobs, type TestJobs } from '../../testing.ts';

interface Leased {
  id: string;
  token: string;
  attempt: number;
  leaseSeconds: number;
  inputs: Record<string, unknown>;
  outputs: string[];
  data: { href: string; csv: string };
}

const registration = {
  version: '1',
  title: 'Density of falls',
  inputs: { type: 'object', properties: { cells: { type: 'integer', minimum: 1 } }, additionalProperties: false },
  outputs: { png: { mediaType: 'image/png' }, json: { mediaType: 'application/json' } },
  leaseSeconds: 5,
};
let jobs: TestJobs;
let observer: Observer;
before(async () => {
  jobs = await startJobs();
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  observer = startObserver({ redis: jobs.store.connect(1), queue: 'density', logger });
  await loadStones(jobs.data);
  assert.equal((await jobs.ask('PUT', '/v1/processes/density', registration)).status, 201);
});
after(async () => {
  observer.stop();
  await jobs.end();
});

const submit = async (inputs: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Promise<Answer<Job>> =>
  jobs.ask<Job>('POST', '/v1/jobs', { process: 'density', inputs: { dataset: 'stones', ...inputs }, ...rest });
const take = () => jobs.ask<Leased>('POST', '/v1/processes/density/take');
const say = <T = Job & { detail: string }>(method: 'POST' | 'PATCH', { id, token }: Leased, verb: string, body?: unknown) =>
  jobs.ask<T>(method, `/v1/jobs/${id}/${verb}`, body, { 'worker-token': token });
const put = ({ id, token }: Leased, name: string, bytes: string, type: string) =>
  jobs.ask('PUT', `/v1/jobs/${id}/results/${name}`, bytes, { 'content-type': type, 'worker-token': token });

test('a registered process is listed and described like ours, registered anew, and removed', async () => {
  assert.equal((await jobs.ask('PUT', '/v1/processes/density', registration)).status, 200);
  const list = (await jobs.ask<{ items: { id: string }[] }>('GET', '/v1/processes')).json;
  assert.deepEqual(
    list.items.map(({ id }) => id),
    ['plot', 'statistics', 'density'],
  );
  const told = (await jobs.ask<Record<string, unknown>>('GET', '/v1/processes/density')).json;
  assert.deepEqual([told.queue, told.leaseSeconds, told.outputs], ['density', 5, registration.outputs]);
  assert.equal((await jobs.ask('PUT', '/v1/processes/passing', registration)).status, 201);
  assert.equal((await jobs.ask('DELETE', '/v1/processes/passing')).status, 204);
  assert.equal((await jobs.ask('GET', '/v1/processes/passing')).status, 404);
});

for (const [id, body, status, detail] of [
  ['plot', registration, 409, /part of Almanac/],
  ['mine', { ...registration, queue: 'plot' }, 409, /Queue 'plot'/],
  ['Mine', registration, 400, /id/],
  ['mine', { ...registration, outputs: {} }, 400, /outputs/],
  ['mine', { ...registration, inputs: { properties: { a: { pattern: 'a+' } } } }, 400, /pattern/],
  ['mine', { title: 'x' }, 400, /version|outputs/],
] as const) {
  test(`PUT /v1/processes/${id} ${JSON.stringify(body).slice(0, 60)} answers ${status}`, async () => {
    const answer = await jobs.ask('PUT', `/v1/processes/${id}`, body);
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    assert.match(answer.json.detail, detail);
  });
}

test('from submission to the picture, by HTTP alone', async () => {
  assert.equal((await take()).status, 204);
  const wrong = await submit({ cells: 0 });
  assert.deepEqual([wrong.status, (wrong.json as unknown as Problem).errors?.[0]?.path], [400, '/inputs/cells']);
  const { id } = (await submit({ cells: 5, where: { recclass: 'L5' } })).json;
  const leased = (await take()).json;
  assert.deepEqual([leased.id, leased.attempt, leased.leaseSeconds, leased.outputs], [id, 1, 5, ['png']]);
  assert.match(leased.data.csv, /^\/v1\/datasets\/stones\/records\?f=csv&limit=all&version=1-[0-9a-f]+&field\.recclass=L5$/);
  const heard = await say('PATCH', leased, 'progress', { progress: 30, stage: 'count' });
  assert.deepEqual([heard.status, heard.json.status, heard.json.progress, heard.json.stage], [200, 'in progress', 30, 'count']);
  assert.equal(
    (await say('POST', leased, 'finish')).json.detail,
    `Job ${id} has no result png yet. PUT /v1/jobs/${id}/results/png stores it.`,
  );
  assert.equal((await put(leased, 'gif', 'x', 'image/gif')).status, 404);
  assert.equal((await put(leased, 'png', 'x', 'text/plain')).status, 415);
  assert.equal((await put(leased, 'png', 'PNG', 'image/png')).status, 204);
  const done = await say('POST', leased, 'finish', { message: '5 cells' });
  assert.deepEqual([done.status, done.json.status, done.json.message], [200, 'complete', '5 cells']);
  assert.equal((await jobs.ask('GET', `/v1/jobs/${id}/results/png`)).bytes.toString(), 'PNG');
  assert.equal((await jobs.ask('GET', `/download/${id}`)).bytes.toString(), 'PNG');
  assert.equal((await say('POST', leased, 'finish')).status, 409, 'its token is worth nothing any more');
  const again = (await submit({ cells: 5, where: { recclass: 'L5' } })).json;
  assert.deepEqual([again.cache, again.resultOf], ['hit', id]);
});

test('an id taken from the list itself is started by it', async () => {
  const { id } = (await submit({ cells: 6 })).json;
  const queue = jobs.store.connect(1);
  assert.equal(await queue.lpop('hotqueue:density'), `"${id}"`);
  const leased = (await jobs.ask<Leased>('POST', `/v1/jobs/${id}/start`)).json;
  assert.equal(leased.id, id);
  assert.equal((await jobs.ask('POST', `/v1/jobs/${id}/start`)).status, 409);
  const failed = await say('POST', leased, 'fail', { message: 'no such cell' });
  assert.deepEqual([failed.json.status, failed.json.message], ['failed', 'no such cell']);
  const plot = (await jobs.submit({ title: 'ours' })).json;
  assert.equal((await jobs.ask('POST', `/v1/jobs/${plot.id}/start`)).status, 409, 'a job of our own is not handed out');
});

test('a failure that may pass is tried again; a cancelled job tells its worker to stop', async () => {
  const { id } = (await submit({ cells: 7 })).json;
  const first = (await take()).json;
  const waits = await say('POST', first, 'fail', { message: 'no disk', retry: true });
  assert.deepEqual([waits.json.status, waits.json.attempts[0]?.message], ['submitted', 'no disk']);
  const second = (await jobs.ask<Leased>('POST', '/v1/processes/density/take?wait=5')).json;
  assert.deepEqual([second.id, second.attempt], [id, 2]);
  const cancelling = jobs.ask<Job>('DELETE', `/v1/jobs/${id}`);
  await sleep(50);
  const told = await say('PATCH', second, 'progress', { progress: 50 });
  assert.deepEqual([told.status, /cancelled/.test(told.json.detail)], [409, true]);
  assert.equal((await cancelling).json.status, 'cancelled');
});

test('a worker that falls silent loses its job to another, and its words count for nothing', async () => {
  await jobs.ask('PUT', '/v1/processes/density', registration);
  const { id } = (await submit({ cells: 8 })).json;
  const silent = (await take()).json;
  const next = (await jobs.ask<Leased>('POST', '/v1/processes/density/take?wait=20')).json;
  assert.deepEqual([next.id, next.attempt], [id, 2]);
  assert.equal((await put(silent, 'png', 'late', 'image/png')).status, 409);
  assert.equal((await say('PATCH', silent, 'progress', { progress: 99 })).status, 409);
  assert.equal((await say('POST', silent, 'finish')).status, 409);
  await put(next, 'png', 'PNG', 'image/png');
  assert.equal((await say('POST', next, 'finish')).json.status, 'complete');
});

test('the token is in no record, and the name of the worker that is there allows nothing', async () => {
  const { id } = (await submit({ cells: 9 })).json;
  const leased = (await take()).json;
  const record = (await jobs.ask<Job>('GET', `/v1/jobs/${id}`)).json;
  const secret = leased.token.slice((record.worker as string).length + 1);
  assert.ok(secret.length >= 22, 'at least 128 bits');
  const list = (await jobs.ask('GET', '/v1/jobs')).bytes.toString();
  assert.equal((JSON.stringify(record) + list).includes(secret), false);
  for (const token of [
    `${record.worker}:1`,
    record.worker as string,
    `${record.worker}:`,
    leased.token.toLowerCase(),
    `${leased.token}x`,
  ]) {
    const forged = { ...leased, token };
    if (token === leased.token) continue;
    assert.equal((await put(forged, 'png', 'FORGED', 'image/png')).status, 409);
    assert.equal((await say('PATCH', forged, 'progress', { progress: 99 })).status, 409);
    assert.equal((await say('POST', forged, 'finish', { message: 'forged' })).status, 409);
    assert.equal((await say('POST', forged, 'fail', { message: 'forged' })).status, 409);
    assert.equal((await say('POST', forged, 'fail', { message: 'forged', retry: true })).status, 409);
  }
  assert.deepEqual(await jobs.resultsRedis.keys(`result:${id}:*`), [], 'nothing of a forged result is kept');
  assert.equal((await put(leased, 'png', 'PNG', 'image/png')).status, 204);
  assert.equal((await put(leased, 'png', 'PNG2', 'image/png')).status, 204, 'a repeat replaces');
  assert.equal((await say('POST', leased, 'finish')).json.status, 'complete');
  assert.equal((await jobs.ask('GET', `/v1/jobs/${id}/results/png`)).bytes.toString(), 'PNG2');
  assert.equal(JSON.stringify((await jobs.ask<Job>('GET', `/v1/jobs/${id}`)).json).includes(secret), false);
});

test('a worker of the release before sends its token in the URL; one that sends none is told so', async () => {
  const { id } = (await submit({ cells: 10 })).json;
  const { token } = (await take()).json;
  const query = `?token=${encodeURIComponent(token)}`;
  assert.equal((await jobs.ask('PUT', `/v1/jobs/${id}/results/png${query}`, 'PNG', { 'content-type': 'image/png' })).status, 204);
  const none = await jobs.ask('POST', `/v1/jobs/${id}/finish`, {});
  assert.deepEqual([none.status, /Worker-Token/.test(none.json.detail)], [400, true]);
  const unknown = await jobs.ask('PUT', `/v1/jobs/${id}/results/png${query}&tokn=1`, 'PNG', { 'content-type': 'image/png' });
  assert.deepEqual([unknown.status, unknown.json.type], [400, '/problems/unknown-parameter']);
  assert.equal((await jobs.ask<Job>('POST', `/v1/jobs/${id}/finish${query}`, {})).json.status, 'complete');
});

test('a result has the name of an output and nothing else: what every object has is no output', async () => {
  const odd = { ...registration, outputs: { constructor: { mediaType: 'text/plain' }, png: { mediaType: 'image/png' } } };
  assert.equal((await jobs.ask('PUT', '/v1/processes/odd', odd)).status, 201);
  const submitted = await jobs.ask<Job>('POST', '/v1/jobs', { process: 'odd', inputs: { dataset: 'stones' }, outputs: ['constructor'] });
  assert.equal(submitted.status, 201);
  const leased = (await jobs.ask<Leased>('POST', '/v1/processes/odd/take')).json;
  for (const name of ['__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'png%00', 'PNG', 'png.', '..%2Fpng', 'x'.repeat(1000)])
    assert.equal((await put(leased, name, 'x', 'text/plain')).status, 404, name);
  assert.equal((await put(leased, 'constructor', 'own', 'text/plain')).status, 204);
  const done = (await say('POST', leased, 'finish')).json;
  assert.deepEqual(Object.keys(done.results), ['constructor']);
  const got = await jobs.ask('GET', `/v1/jobs/${leased.id}/results/constructor`);
  assert.deepEqual([got.status, got.bytes.toString()], [200, 'own']);
  for (const name of ['__proto__', 'toString', 'png'])
    assert.equal((await jobs.ask('GET', `/v1/jobs/${leased.id}/results/${name}`)).status, 404);
});
