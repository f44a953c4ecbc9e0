import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, jobLimits } from '@almanac/domain';
import { loadStones, startJobs, type TestJobs } from '../../testing.ts';

interface List {
  items: Job[];
  numberReturned: number;
  numberMatched: number;
  links: { rel: string; href: string }[];
}

const COUNT = 40;
const large = { where: { recclass: Array.from({ length: 900 }, (_, i) => `${i}${'x'.repeat(50)}`) } };
let jobs: TestJobs;
let port: number;
const ids: string[] = [];
before(async () => {
  jobs = await startJobs();
  await loadStones(jobs.data);
  for (let i = 0; i < COUNT; i++) ids.unshift((await jobs.submit({ ...(i % 2 === 0 ? large : {}), title: `${i}` })).json.id);
  await jobs.app.listen({ host: '127.0.0.1', port: 0 });
  port = (jobs.app.server.address() as AddressInfo).port;
});
after(() => jobs.end());

async function stream(path: string): Promise<IncomingMessage> {
  const asked = request({ port, host: '127.0.0.1', path });
  asked.on('error', () => {}).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer.on('error', () => {});
}

test('a list leaves out what is large and says so; the job itself has it', async () => {
  const { json, bytes } = await jobs.ask<List>('GET', `/v1/jobs?limit=${COUNT}`);
  assert.deepEqual(
    json.items.map(({ id }) => id),
    ids,
  );
  assert.ok(bytes.length < COUNT * 2500, `${bytes.length} bytes`);
  const [small, big] = json.items as [Job, Job];
  assert.deepEqual([small.omitted, small.inputs.title, big.omitted, big.inputs], [undefined, '39', ['inputs'], {}]);
  const whole = (await jobs.ask<Job>('GET', big.links.find(({ rel }) => rel === 'self')?.href as string)).json;
  assert.deepEqual([whole.omitted, whole.inputs.where], [undefined, large.where]);
});

test('a page ends at its bytes, and its next link continues where it ended: every job comes once', async () => {
  const where = { recclass: Array.from({ length: 60 }, () => 'y'.repeat(50)) };
  const added: string[] = [];
  for (let i = 0; i < 400; i++) added.unshift((await jobs.submit({ title: `page ${i}`, where })).json.id);
  const seen: string[] = [];
  let pages = 0;
  for (let path: string | undefined = '/v1/jobs?limit=10000'; path !== undefined; pages++) {
    const { json, bytes }: { json: List; bytes: Buffer } = await jobs.ask<List>('GET', path);
    assert.ok(bytes.length < jobLimits.pageBytes.value + 100_000, `${bytes.length} bytes`);
    assert.equal(json.numberReturned, json.items.length);
    seen.push(...json.items.map(({ id }) => id));
    path = json.links.find(({ rel }) => rel === 'next')?.href;
    assert.ok(pages < 20);
  }
  assert.deepEqual(seen, [...added, ...ids]);
  assert.ok(pages > 1, `${pages} pages`);
});

test('a stream of all jobs begins with the open ones, without what is large', async () => {
  const answer = await stream('/v1/jobs/events');
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  for (let i = 0; i < 200 && (text.match(/^event: /gm)?.length ?? 0) < COUNT + 400; i++) await sleep(50);
  const { id } = (await jobs.submit({ ...large, title: 'late' })).json;
  for (let i = 0; i < 100 && !text.includes(id); i++) await sleep(50);
  answer.destroy();
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string) as Job);
  assert.deepEqual(new Set(events.map((job) => job.id)), new Set((await jobs.ask<string[]>('GET', '/jobs?shape=ids')).json));
  assert.ok(events.every((job) => JSON.stringify(job).length < 7000));
  assert.deepEqual(events.find((job) => job.id === id)?.omitted, ['inputs']);
});

test('a reader of events that does not read makes nothing pile up, and gets the present state when it reads again', async () => {
  const answer = (await stream('/v1/jobs/events')).pause();
  await sleep(300);
  const start = process.memoryUsage();
  for (let round = 0; round < 3; round++) {
    await Promise.all(ids.map((id) => jobs.ask('DELETE', `/v1/jobs/${id}`)));
    await Promise.all(ids.map((id) => jobs.ask('POST', `/v1/jobs/${id}/revive`)));
  }
  await Promise.all(ids.map((id) => jobs.ask('DELETE', `/v1/jobs/${id}`)));
  const { arrayBuffers } = process.memoryUsage();
  assert.ok(arrayBuffers - start.arrayBuffers < 20_000_000, `${arrayBuffers - start.arrayBuffers} bytes`);
  const last = new Map<string, string>();
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  answer.resume();
  for (let i = 0; i < 200 && last.size < ids.length; i++) {
    await sleep(50);
    for (const [, data] of text.matchAll(/^data: (.*)$/gm)) {
      const job = JSON.parse(data as string) as Job;
      if (ids.includes(job.id) && job.status === 'cancelled') last.set(job.id, job.status);
    }
  }
  answer.destroy();
  assert.equal(last.size, ids.length);
});

test('event streams are counted: a caller has half of them, one too many is refused with Retry-After, and a closed one makes room', async () => {
  const value = jobLimits.streams.value / 2;
  const open = await Promise.all(Array.from({ length: value }, () => stream(`/v1/jobs/${ids[0]}x/events`)));
  assert.ok(
    open.every(({ statusCode }) => statusCode === 404),
    'a job that is not there takes no place',
  );
  const { id } = (await jobs.submit({ title: 'followed' })).json;
  const streams = await Promise.all(Array.from({ length: value }, () => stream(`/v1/jobs/${id}/events`)));
  const refused = await jobs.ask('GET', '/v1/jobs/events');
  assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '5']);
  assert.match(refused.json.detail, /Too many event streams of jobs are open for one caller: 129 streams, the limit is 128 streams/);
  streams[0]?.destroy();
  await sleep(200);
  const again = await stream(`/v1/jobs/${id}/events`);
  assert.equal(again.statusCode, 200);
  for (const each of [...streams, again, ...open]) each.destroy();
});
