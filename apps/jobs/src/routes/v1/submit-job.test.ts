import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Job, type Problem } from '@almanac/domain';
import { Value } from 'typebox/value';
import { loadStones, startJobs, type TestJobs } from '../../testing.ts';

let jobs: TestJobs;
let version: string;
before(async () => {
  jobs = await startJobs();
  version = await loadStones(jobs.data);
});
after(() => jobs.end());
afterEach(() => jobs.stopWorkers());

const good = { dataset: 'stones', type: 'histogram', x: 'mass (g)' };
const wrong: [string, unknown, number, string, RegExp, string?][] = [
  ['no JSON', '{"process":', 400, 'invalid-body', /./],
  ['nothing', '', 400, 'invalid-body', /./],
  ['a list', [], 400, 'invalid-body', /JSON object/, ''],
  ['null', 'null', 400, 'invalid-body', /JSON object/, ''],
  ['a text', '"plot"', 400, 'invalid-body', /JSON object/, ''],
  ['a poisoned prototype', '{"__proto__":{"x":1},"inputs":{}}', 400, 'invalid-body', /./],
  ['an unknown member', { proces: 'plot', inputs: good }, 400, 'invalid-body', /'proces' \(did you mean 'process'\?\)/, '/proces'],
  ['an unknown process', { process: 'plt', inputs: good }, 404, 'unknown-process', /did you mean 'plot'/],
  ['a process that is no text', { process: 5, inputs: good }, 400, 'invalid-body', /'5'/, '/process'],
  ['no inputs', { process: 'plot' }, 400, 'invalid-body', /inputs/, '/inputs'],
  ['inputs that are a list', { inputs: [] }, 400, 'invalid-body', /a list/, '/inputs'],
  ['no data set', { inputs: {} }, 400, 'invalid-body', /missing/, '/inputs/dataset'],
  ['a data set that is no text', { inputs: { dataset: { id: 'stones' } } }, 400, 'invalid-body', /an object/, '/inputs/dataset'],
  ['an unknown data set', { inputs: { dataset: 'stone' } }, 404, 'unknown-dataset', /did you mean 'stones'/],
  ['a data set that cannot be', { inputs: { dataset: '../etc' } }, 404, 'unknown-dataset', /\.\.\/etc/],
  ['a version that is none', { inputs: { ...good, version: 'newest' } }, 400, 'invalid-body', /'newest'.*latest/, '/inputs/version'],
  ['a version that is not there', { inputs: { ...good, version: '9-0123456789abcdef' } }, 410, 'gone', /9-/, '/inputs/version'],
  ['an unknown output', { inputs: good, outputs: ['gif'] }, 400, 'invalid-body', /'gif'/, '/outputs/0'],
  ['an output twice', { inputs: good, outputs: ['png', 'png'] }, 400, 'invalid-body', /twice/, '/outputs/1'],
  ['no output at all', { inputs: good, outputs: [] }, 400, 'invalid-body', /png and svg/, '/outputs'],
  ['outputs that are a text', { inputs: good, outputs: 'png' }, 400, 'invalid-body', /'png'/, '/outputs'],
  ['an unknown type', { inputs: { ...good, type: 'histgram' } }, 400, 'unknown-plot-type', /did you mean 'histogram'/, '/inputs/type'],
  ['an unknown column', { inputs: { ...good, x: 'mass' } }, 400, 'unknown-column', /did you mean 'mass \(g\)'/, '/inputs/x'],
  ['a text as numbers', { inputs: { ...good, x: 'recclass' } }, 400, 'unsuitable-column', /recclass/, '/inputs/x'],
  ['an unknown input', { inputs: { ...good, binz: 5 } }, 400, 'invalid-body', /did you mean 'bins'/, '/inputs/binz'],
  ['a filter on an unknown column', { inputs: { ...good, where: { clas: 'L5' } } }, 400, 'unknown-column', /clas/, '/inputs/where/clas'],
  ['a time span without a time', { inputs: { ...good, time: { from: '1990-01-01' } } }, 400, 'unsuitable-column', /time/, '/inputs/time'],
  [
    'lists without end',
    `{"inputs":{"dataset":"stones","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    400,
    'invalid-body',
    /50,002 levels/,
  ],
  [
    'objects without end',
    `{"inputs":{"dataset":"stones","where":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}`,
    400,
    'invalid-body',
    /20,002 levels/,
  ],
  [
    'many lists',
    `{"inputs":{"dataset":"stones","x":${'['.repeat(90)}${']'.repeat(90)}}}`,
    400,
    'invalid-body',
    /33 levels, the limit is 32/,
  ],
  [
    'more lists than that',
    `{"inputs":{"dataset":"stones","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    413,
    'body-too-large',
    /131,072 bytes/,
  ],
  [
    'inputs above 64 KB',
    { inputs: { ...good, where: { recclass: Array.from({ length: 900 }, () => 'x'.repeat(100)) } } },
    413,
    'body-too-large',
    /inputs are too large: 9\d,\d\d\d bytes, the limit is 65,536 bytes/,
  ],
  [
    'a filter of 1,001 names',
    { inputs: { ...good, where: { recclass: Array.from({ length: 1001 }, (_, i) => `n${i}`) } } },
    400,
    'invalid-body',
    /\/inputs\/where\/recclass is too large: 1,001 values, the limit is 1,000/,
  ],
  ['a number without end', '{"inputs":{"dataset":"stones","where":{"mass (g)":{"gte":1e999}}}}', 400, 'invalid-body', /too large/],
  ['a title that is a book', { inputs: { ...good, title: 'x'.repeat(201) } }, 400, 'invalid-body', /200/, '/inputs/title'],
];
for (const [name, body, status, type, detail, path] of wrong) {
  test(`a body with ${name}: ${status} ${type}`, async () => {
    const answer = await jobs.ask('POST', '/v1/jobs', body);
    assert.equal(answer.status, status, answer.json?.detail);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.equal(answer.json.type, `/problems/${type}`);
    assert.match(answer.json.detail, detail);
    if (path !== undefined) assert.equal(answer.json.errors?.[0]?.path, path);
    assert.equal(await jobs.queue.depth(), 0, 'nothing was put');
  });
}

test('a body beyond twice the size of inputs is refused with the limit', async () => {
  const answer = await jobs.ask<Problem & { maxBytes: number }>('POST', '/v1/jobs', { inputs: { ...good, title: 'x'.repeat(1 << 17) } });
  assert.deepEqual([answer.status, answer.json.maxBytes], [413, 1 << 17]);
});

test('a body of another type is refused, naming the type', async () => {
  const answer = await jobs.ask('POST', '/v1/jobs', 'dataset=stones', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.deepEqual([answer.status, answer.json.type], [415, '/problems/unsupported-media-type']);
});

test('a good job is accepted at once, whole, bound to the version its data set has', async () => {
  const {
    status,
    headers,
    json: answer,
  } = await jobs.submit({ x: 'mass (g)', type: 'histogram', title: 'Whole' }, {}, { 'x-request-id': 'r-1' });
  assert.equal(status, 201);
  const { durability, ...job } = answer;
  assert.equal(durability, 'memory');
  assert.equal(headers.location, `/v1/jobs/${job.id}`);
  assert.deepEqual([...Value.Errors(Job, answer)], []);
  assert.deepEqual([job.status, job.outputs, job.requestId, job.cache], ['submitted', ['png'], 'r-1', 'miss']);
  assert.equal(job.dataset.version, version);
  assert.deepEqual(
    [job.inputs.version, job.inputs.width, job.inputs.title],
    [version, 640, 'Whole'],
    'the inputs are those that will be worked, defaults and all',
  );
  assert.deepEqual((await jobs.ask<Job>('GET', `/v1/jobs/${job.id}`)).json, job);
});

test('told only the data set, a plot is chosen and the choice explained; the process may be left out', async () => {
  const { status, json: job } = await jobs.ask<Job>('POST', '/v1/jobs', { inputs: { dataset: 'stones', version } });
  assert.equal(status, 201);
  assert.equal(typeof job.inputs.type, 'string');
  assert.match(job.message as string, /\w+/);
});

test('who prefers to wait gets the finished record, and is told so', async () => {
  jobs.startWorker();
  const { status, headers, json: job } = await jobs.submit({ title: 'Waited' }, {}, { prefer: 'respond-async, wait=10' });
  assert.deepEqual([status, job.status, headers['preference-applied']], [201, 'complete', 'wait=10']);
  assert.ok(job.results.png);
});

test('who waits in vain gets the record as it is', async () => {
  const { status, headers, json: job } = await jobs.submit({ title: 'In vain' }, {}, { prefer: 'wait=1' });
  assert.deepEqual([status, job.status, headers['preference-applied']], [201, 'submitted', undefined]);
});

test('the same again is a job of its own that another answers for; other outputs or other data are not the same', async () => {
  jobs.startWorker();
  const wait = { prefer: 'wait=10' };
  const first = (await jobs.submit({ title: 'Twice' }, {}, wait)).json;
  const again = (await jobs.submit({ theme: 'paper', title: 'Twice', width: 640 }, {}, wait)).json;
  assert.deepEqual([again.status, again.cache, again.resultOf], ['complete', 'hit', first.id]);
  assert.notEqual(again.id, first.id);
  assert.equal((await jobs.submit({ title: 'Twice' }, { outputs: ['png', 'svg'] }, wait)).json.cache, 'miss');
  await loadStones(jobs.data, 22);
  assert.equal((await jobs.submit({ title: 'Twice' }, {}, wait)).json.cache, 'miss');
  version = await loadStones(jobs.data, 21);
  const back = (await jobs.submit({ title: 'Twice' }, {}, wait)).json;
  assert.deepEqual([back.cache, back.dataset.version], ['hit', version], 'the same content under a new version');
});

test('of many equal jobs at once, one is worked', async () => {
  let drawn = 0;
  jobs.startWorker((job, { token }) => {
    drawn++;
    return jobs.draw(job, token);
  });
  while ((await jobs.queue.list({ limit: 1, offset: 0 }, { status: 'submitted' })).matched > 0) await sleep(10);
  drawn = 0;
  const answers = await Promise.all(Array.from({ length: 20 }, () => jobs.submit({ title: 'Rush' }, {}, { prefer: 'wait=10' })));
  assert.ok(answers.every(({ json }) => json.status === 'complete'));
  assert.equal(drawn, 1);
  assert.equal(new Set(answers.map(({ json }) => json.id)).size, 20);
});

test('a repeat of a job whose results are gone is worked anew', async () => {
  jobs.startWorker();
  const wait = { prefer: 'wait=10' };
  const first = (await jobs.submit({ title: 'Gone' }, {}, wait)).json;
  await jobs.resultsRedis.flushdb();
  for (const headers of [{}, { 'if-none-match': '*' }])
    assert.equal((await jobs.ask('GET', `/v1/jobs/${first.id}/results/png`, undefined, headers)).status, 410, JSON.stringify(headers));
  const again = (await jobs.submit({ title: 'Gone' }, {}, wait)).json;
  assert.deepEqual([again.cache, again.status], ['miss', 'complete']);
  assert.equal((await jobs.ask('GET', `/v1/jobs/${again.id}/results/png`)).status, 200);
});

test('submissions and what waits are counted', async () => {
  const text = (await jobs.ask('GET', '/metrics')).bytes.toString();
  assert.match(text, /jobs_submitted_total\{process="plot",cache="hit",service="jobs"\} [1-9]/);
  assert.match(text, /queue_depth\{service="jobs"\} \d/);
});

test('a store that is away: 503 and when to try again, on every route; then all is as before', async () => {
  // What programs registered is known for two seconds after it was read; it is read by this.
  assert.equal((await jobs.ask('DELETE', '/v1/processes/nobody')).status, 204);
  await jobs.store.kill('SIGTERM');
  assert.equal((await jobs.ask('GET', '/v1/processes')).status, 200);
  const id = '8e03978e-40d5-43e8-bc93-6894a57f9324';
  for (const path of ['', `/${id}`, `/${id}/results`, `/${id}/results/png`]) {
    const { status, headers, json } = await jobs.ask('GET', `/v1/jobs${path}`);
    assert.deepEqual([status, json.type, headers['retry-after']], [503, '/problems/store-unavailable', '1'], path);
  }
  assert.equal((await jobs.ask('POST', '/v1/jobs', { inputs: good })).status, 503);
  assert.equal((await jobs.ask('GET', '/metrics')).status, 200);
  await jobs.store.start();
  while ((await jobs.ask('GET', '/v1/jobs')).status !== 200) await sleep(10);
});

test('an Idempotency-Key does not let a deep body through: it is refused in words, and the key stays free', async () => {
  const deep = `{"inputs":{"dataset":"stones","x":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`;
  await loadStones(jobs.data);
  const headers = { 'idempotency-key': 'deep' };
  const answer = await jobs.ask('POST', '/v1/jobs', deep, headers);
  assert.deepEqual([answer.status, answer.json.type], [400, '/problems/invalid-body']);
  assert.equal((await jobs.ask('POST', '/v1/jobs', { inputs: { dataset: 'stones' } }, headers)).status, 201);
});
