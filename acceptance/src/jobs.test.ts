// Jobs through the gateway: followed, cancelled, and done by external workers.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import { needsOwn, Stack } from './stack.ts';

const workers = join(import.meta.dirname, '../../examples/workers');
const stones = 'id,name,year,recclass,mass (g)\n1,Ruiz,1980,L5,21\n2,Beeler,1951,H6,720\n3,Brock,1952,L5,107000\n4,Hillary,1976,,\n';
const stack = new Stack();
let client: Client;
const children: ChildProcess[] = [];
before(async () => {
  await stack.start();
  client = new Client(stack.url);
  await client.put('/v1/datasets/stones', stones);
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stack.end();
});

const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  client.ask('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

/** An external worker; waits until its output matches. */
function worker(command: string, ...args: string[]): { waitFor: (pattern: RegExp) => Promise<void>; kill: () => void } {
  const child = spawn(command, args, { env: { ...process.env, API: stack.url }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {
    async waitFor(pattern) {
      for (const until = Date.now() + 20_000; !pattern.test(said); await sleep(20)) assert.ok(Date.now() < until, `output: ${said}`);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

test('a job is followed through the gateway, from before its start to its end', async () => {
  const { id } = (await post('/v1/jobs', { inputs: { dataset: 'stones', type: 'bar', x: 'recclass' } })).json;
  const response = await fetch(`${stack.url}/v1/jobs/${id}/events`);
  assert.match(response.headers.get('content-type') as string, /^text\/event-stream/);
  const events = (await response.text()).split('\n\n').filter((event) => event.includes('data: '));
  const last = JSON.parse(/^data: (.*)$/m.exec(events.at(-1) as string)?.[1] as string);
  assert.equal(last.status, 'complete');
  assert.equal((await client.get(last.results.png.href)).headers.get('content-type'), 'image/png');
});

test('a client that follows all jobs gets events of new jobs, also after a restart of the jobs service', { skip: needsOwn }, async () => {
  for (const round of [1, 2]) {
    const left = new AbortController();
    const response = await fetch(`${stack.url}/v1/jobs/events`, { signal: left.signal });
    const heard = (async () => {
      let text = '';
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += new TextDecoder().decode(chunk);
        if (/^event: result$/m.test(text)) return text;
      }
      return text;
    })();
    await post('/v1/jobs', { inputs: { dataset: 'stones', type: 'bar', x: 'recclass', title: `round ${round}` } });
    assert.match(await heard, new RegExp(`"title":"round ${round}"`));
    left.abort();
    if (round === 1) {
      await stack.kill('jobs', 'SIGTERM');
      stack.launch('jobs');
      await stack.ready(['jobs']);
    }
  }
});

test('statistics of filtered records', async () => {
  const asked = { process: 'statistics', inputs: { dataset: 'stones', where: { recclass: 'L5' }, columns: ['mass (g)', 'year'] } };
  const { json } = await post('/v1/jobs', asked, { prefer: 'wait=20' });
  assert.equal(json.status, 'complete', JSON.stringify(json.problem));
  const numbers = (await client.get(json.results.json.href)).json;
  assert.deepEqual(numbers.statistics['mass (g)'], json.statistics['mass (g)']);
  assert.deepEqual([numbers.statistics['mass (g)'].mean, numbers.statistics.year.min], [53510.5, 1952]);
});

test('workers in Node and bash do jobs over HTTP; if one is killed, another takes its job', {
  skip: needsOwn,
}, async () => {
  const killed = worker(process.execPath, join(workers, 'count.mjs'));
  await killed.waitFor(/waiting/);
  // Its rows do not arrive: it is killed while it holds the job.
  process.kill(stack.pidOf('query'), 'SIGSTOP');
  const { id } = (await post('/v1/jobs', { process: 'count', inputs: { dataset: 'stones' } })).json;
  await killed.waitFor(new RegExp(`took ${id}`));
  killed.kill();
  process.kill(stack.pidOf('query'), 'SIGCONT');
  worker(process.execPath, join(workers, 'count.mjs'));
  const job = await client.finished(id, 40_000);
  assert.deepEqual(
    [job.status, job.message, job.attempts.map((attempt: { outcome: string }) => attempt.outcome)],
    ['complete', '4 falls', ['lost', 'complete']],
  );
  assert.deepEqual((await client.get(`/v1/jobs/${id}/results`)).json, { L5: 2, H6: 1, null: 1 });

  await worker('bash', join(workers, 'heaviest.sh')).waitFor(/waiting/);
  const heaviest = (await post('/v1/jobs', { process: 'heaviest', inputs: { dataset: 'stones' } }, { prefer: 'wait=20' })).json;
  assert.equal((await client.get(heaviest.results.csv.href)).text, 'Brock,107000\r\n');
});
