// The drill: a system at work is backed up, its data are destroyed, and all of it comes back: records, jobs, pictures, and the work still to do.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, type JobRecord } from '../client/client.ts';
import type { State } from '../supervisor/state.ts';
import { root } from '../system/places.ts';
import { freeBase } from '../up/free-base.ts';

const run = promisify(execFile);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'almanac-drill-')));
const home = join(folder, 'home');
const token = 'drill-token';
const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
const env = { ...outside, ALMANAC_HOME: home, REDIS_URL: '', ALMANAC_WRITE_TOKEN: '' };
const almanac = async (args: string[], more: NodeJS.ProcessEnv = {}) =>
  (await run(join(root, 'almanac'), args, { cwd: folder, env: { ...env, ...more } })).stdout;
const state = () => JSON.parse(readFileSync(join(home, 'run/state.json'), 'utf8')) as State;
const port = await freeBase();
const client = new Client(`http://127.0.0.1:${port}`, token);
const up = () => almanac(['up', '--detach', '--no-samples', '--port', String(port)], { ALMANAC_WRITE_TOKEN: token });

before(up);
after(async () => {
  await almanac(['down']);
  rmSync(folder, { recursive: true, force: true });
});

const csv = (rows: number, factor: number) =>
  `id,name,size,year\n${Array.from({ length: rows }, (_, i) => `${i + 1},n${i % 7},${((i * factor) % 991) / 10},${1900 + (i % 120)}`).join('\n')}\n`;
const load = (id: string, text: string) =>
  client.send('PUT', `/v1/datasets/${id}?key=id`, { 'content-type': 'text/csv' }, (request) => request.end(text));
const submit = (inputs: object) => client.json<JobRecord>('POST', '/v1/jobs', { process: 'plot', inputs, outputs: ['png', 'svg'] });
const jobOf = (id: string) => client.json<JobRecord>('GET', `/v1/jobs/${id}`);
async function completed(id: string): Promise<JobRecord> {
  for (const end = Date.now() + 120_000; ; await sleep(100)) {
    const job = await jobOf(id);
    if (job.status === 'complete') return job;
    assert.ok(job.status !== 'failed' && Date.now() < end, JSON.stringify(job));
  }
}
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** All that a user can see and that must not change: records and versions, finished jobs, pictures byte for byte. */
async function seen(sets: readonly string[], jobs: readonly string[]) {
  const records = await Promise.all(
    sets.map(async (id) => [id, sha(await client.bytes(`/v1/datasets/${id}.csv`)), await client.json('GET', `/v1/datasets/${id}`)]),
  );
  const finished = await Promise.all(
    jobs.map(async (id) => {
      const { status, results } = await jobOf(id);
      const pictures = await Promise.all(Object.values(results).map(({ href }) => client.bytes(href)));
      return { id, status, results, pictures: pictures.map(sha) };
    }),
  );
  return JSON.parse(JSON.stringify({ records, finished })) as unknown;
}

let backup = '';
let whole: unknown;
const finished: string[] = [];
const queued: string[] = [];

test('a backup is written while jobs wait and their worker is paused', async () => {
  await load('first', csv(5000, 37));
  await load('second', csv(300, 11));
  for (const inputs of [
    { dataset: 'first', type: 'histogram', x: 'size' },
    { dataset: 'second', type: 'scatter', x: 'size', y: 'year' },
  ])
    finished.push((await submit(inputs)).id);
  for (const id of finished) await completed(id);

  const renderer = state().services.find(({ name }) => name === 'renderer')?.process?.pid as number;
  process.kill(renderer, 'SIGSTOP');
  try {
    for (const dataset of ['first', 'second', 'first'])
      queued.push((await submit({ dataset, type: 'line', x: 'id', y: 'size', title: `of ${queued.length}` })).id);
    whole = await seen(['first', 'second'], finished);
    const output = await almanac(['backup']);
    backup = /almanac-\d{8}T\d{6}Z\.rdb/.exec(output)?.[0] as string;
    assert.match(output, /backups\/almanac-\S+\.rdb: \d+ keys, [\d.]+ MB, in [\d.]+ s/);
    for (const id of queued) assert.ok(!['complete', 'failed'].includes((await jobOf(id)).status));
  } finally {
    process.kill(renderer, 'SIGCONT');
  }
  await load('after', csv(10, 3));
});

test('a restore is refused while Almanac runs, with the command to use', async () => {
  await assert.rejects(almanac(['restore', backup]), ({ code, stderr }: { code: number; stderr: string }) => {
    assert.equal(code, 1);
    assert.match(stderr, /Almanac runs at http:\S+[\s\S]*restore FILE --stop/);
    return true;
  });
  assert.equal((await client.json<{ rows: number }>('GET', '/v1/datasets/after')).rows, 10);
});

test('after a loss of all data, a restore returns all data of the backup, and the queue continues', async () => {
  await almanac(['down']);
  rmSync(join(home, 'data'), { recursive: true });
  const output = await almanac(['restore', backup]);
  assert.match(output, /is in place[\s\S]*Restored in [\d.]+ s\. Start it with: {2}\S*almanac up/);
  await up();
  assert.deepEqual(await seen(['first', 'second'], finished), whole);
  for (const id of queued) assert.deepEqual(Object.keys((await completed(id)).results).sort(), ['png', 'svg']);
  for (const id of queued) assert.equal((await client.bytes(`/v1/jobs/${id}/results/png`)).subarray(1, 4).toString(), 'PNG');
  const { items } = await client.json<{ items: { id: string }[] }>('GET', '/v1/datasets');
  assert.deepEqual(items.map(({ id }) => id).sort(), ['first', 'second'], 'what came after the backup is not there');
});

test('data written after a restore survives a restart', async () => {
  await load('third', csv(40, 5));
  const job = (await submit({ dataset: 'third', type: 'bar', x: 'name' })).id;
  await completed(job);
  const before = await seen(['first', 'second', 'third'], [...finished, ...queued, job]);
  await almanac(['down']);
  await up();
  assert.deepEqual(await seen(['first', 'second', 'third'], [...finished, ...queued, job]), before);
});

test('--stop stops Almanac, restores, and starts it with the same environment; the old data is kept', async () => {
  const before = state().supervisor.pid;
  const output = await almanac(['restore', backup, '--stop']);
  assert.match(output, /the previous data is in .*before-restore-[\s\S]*Almanac is ready at http:/);
  assert.notEqual(state().supervisor.pid, before);
  const { items } = await client.json<{ items: { id: string }[] }>('GET', '/v1/datasets');
  assert.deepEqual(items.map(({ id }) => id).sort(), ['first', 'second']);
  for (const id of queued) await completed(id);
  const stranger = await fetch(`${client.base}/v1/datasets/first`, { method: 'DELETE' });
  if (process.platform === 'linux') assert.equal(stranger.status, 401, 'it still needs the token');
  const [aside = ''] = readdirSync(join(home, 'data')).filter((name) => name.startsWith('before-restore-'));
  assert.ok(existsSync(join(home, 'data', aside, 'appendonlydir')) || existsSync(join(home, 'data', aside, 'appendonly.aof')));
});

test('a modified backup is rejected before Almanac is stopped', async () => {
  const before = state().supervisor.pid;
  const file = join(home, 'backups', backup);
  rmSync(`${file}.sha256`);
  await assert.rejects(almanac(['restore', backup, '--stop']), ({ stderr }: { stderr: string }) => /sha256 is missing/.test(stderr));
  assert.equal(state().supervisor.pid, before);
  await client.json('GET', '/v1/datasets/first');
});
