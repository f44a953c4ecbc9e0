import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@almanac/domain';
import { loadStones, startJobs, type TestJobs } from '../../testing.ts';

let jobs: TestJobs;
let base: string;
before(async () => {
  jobs = await startJobs();
  await loadStones(jobs.data);
  base = await jobs.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => jobs.end());

interface Event {
  event: string;
  id: string;
  job: Job;
}

/** Events as they come, until the stream ends or `enough` says so. */
async function events(path: string, enough: (seen: Event[]) => boolean = () => false): Promise<Event[]> {
  const answer = await fetch(base + path);
  assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/);
  const seen: Event[] = [];
  let text = '';
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      if (field('event') !== '') seen.push({ event: field('event'), id: field('id'), job: JSON.parse(field('data')) as Job });
    }
    if (enough(seen)) return seen;
  }
  return seen;
}

test('a job is followed from waiting to its end; the stream ends with it', async () => {
  const go = Promise.withResolvers<void>();
  const { id } = (await jobs.submit({ title: 'followed' })).json;
  const followed = events(`/v1/jobs/${id}/events`, (seen) => {
    if (seen.length === 1) go.resolve();
    return false;
  });
  await go.promise;
  jobs.startWorker(async (job, { token, progress }) => {
    await progress(40, 'draw');
    await sleep(100);
    return jobs.draw(job, token);
  });
  const seen = await followed;
  assert.equal(seen[0]?.event, 'status');
  assert.ok(
    seen.some(({ event, job }) => event === 'progress' && job.progress === 40 && job.stage === 'draw'),
    'heard as it happened',
  );
  assert.deepEqual([seen.at(-1)?.event, seen.at(-1)?.job.status], ['result', 'complete']);
  assert.equal(new Set(seen.map((event) => event.id)).size, seen.length, 'every state once');
  const later = await events(`/v1/jobs/${id}/events`);
  assert.deepEqual(
    later.map(({ event, id: revision }) => [event, revision]),
    [['result', seen.at(-1)?.id]],
    'an ended one: its end',
  );
  assert.equal((await fetch(`${base}/v1/jobs/nonsense/events`)).status, 404);
});

test('all jobs over a data set are followed, those that were open before among them', async () => {
  await jobs.stopWorkers();
  const before = (await jobs.submit({ title: 'open before' })).json;
  let after: Job | undefined;
  const seen = await events('/v1/jobs/events?dataset=stones', (all) => {
    if (all.length === 1 && after === undefined) {
      after = before;
      void jobs.submit({ title: 'came after' }).then(({ json }) => {
        after = json;
        jobs.startWorker();
      });
    }
    return all.filter(({ event }) => event === 'result').length === 2;
  });
  assert.deepEqual([seen[0]?.job.id, seen[0]?.event], [before.id, 'status']);
  assert.deepEqual([...new Set(seen.map(({ job }) => job.id))].sort(), [before.id, after?.id].sort());
  const none = await Promise.race([events('/v1/jobs/events?dataset=none', (all) => all.length > 0), sleep(150)]);
  assert.equal(none, undefined);
});
