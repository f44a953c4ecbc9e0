// The worker of the course, in Python with matplotlib. Needs python3; pip downloads packages into a temporary folder.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonWith } from '@almanac/testkit';
import { Client } from './client.ts';
import { Stack, ownTest as test } from './stack.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads matplotlib for Python; set ALMANAC_TEST_ALL=1 to run it';
const program = join(import.meta.dirname, '../../examples/workers/falls.py');

test('a Python worker takes ids from the list and draws; if it is killed, another finishes its job', { skip }, async (t) => {
  t.diagnostic('installing hotqueue 0.2.8, redis, requests and matplotlib by pip into a temporary folder');
  const python = pythonWith('hotqueue==0.2.8', 'redis', 'requests', 'matplotlib');
  if ('skip' in python) return t.skip(python.skip);
  after(() => python.end());
  const stack = new Stack();
  const workers: ChildProcess[] = [];
  after(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await stack.end();
  });
  await stack.start();
  const client = new Client(stack.url);
  await client.put('/v1/datasets/stones', 'id,year\n1,1980\n2,1951\n3,1952\n');

  const start = () => {
    const env = { ...process.env, ...python.environment, API: stack.url, REDIS_PORT: String(stack.storePort) };
    const worker = spawn('python3', [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    workers.push(worker);
    let said = '';
    worker.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const waitFor = async (pattern: RegExp) => {
      for (const until = Date.now() + 60_000; !pattern.test(said); await sleep(20)) assert.ok(Date.now() < until, `output: ${said}`);
    };
    return { waitFor, kill: () => worker.kill('SIGKILL') };
  };
  const submit = async (inputs: object) =>
    (
      await client.ask('POST', '/v1/jobs', {
        body: JSON.stringify({ process: 'falls', inputs: { dataset: 'stones', ...inputs } }),
        headers: { 'content-type': 'application/json' },
      })
    ).json;

  const first = start();
  await first.waitFor(/waiting/);
  assert.equal((await submit({ bins: 0 })).status, 400, 'its own schema is kept');
  const { id } = await submit({ bins: 5 });
  const done = await client.finished(id);
  assert.deepEqual([done.status, done.message], ['complete', '3 falls']);
  const picture = await client.get(`/download/${id}`);
  assert.deepEqual(
    [picture.status, picture.headers.get('content-type'), picture.bytes.subarray(1, 4).toString()],
    [200, 'image/png', 'PNG'],
  );

  // Its rows do not arrive: it is killed while it holds the job.
  process.kill(stack.pidOf('query'), 'SIGSTOP');
  const second = await submit({ bins: 6 });
  await first.waitFor(new RegExp(`took ${second.id}`));
  first.kill();
  process.kill(stack.pidOf('query'), 'SIGCONT');
  await start().waitFor(/waiting/);
  const again = await client.finished(second.id, 60_000);
  assert.deepEqual(
    again.attempts.map(({ outcome }: { outcome: string }) => outcome),
    ['lost', 'complete'],
  );
});
