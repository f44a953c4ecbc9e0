// Services are upgraded one at a time. So each must work with the last release of the others, in both directions, with a job in progress.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client } from './client.ts';
import { checkOut, lastRelease } from './last-release.ts';
import { needsOwn, type Service, Stack, services } from './stack.ts';

const release = lastRelease();
const skip =
  process.env.ALMANAC_TEST_ALL !== '1'
    ? 'long suite: ./almanac test --all'
    : release === undefined
      ? 'no release to compare with: git has no tag v... here (ALMANAC_SKEW_REF names another commit)'
      : needsOwn;

const rows = (n: number, first = 0) =>
  `id,a,b\n${Array.from({ length: n }, (_, i) => `${first + i},${(i * 37) % 101},${Math.sin(i)}`).join('\n')}\n`;

let checkout: string;
before(() => {
  if (release !== undefined && skip === false) checkout = checkOut(release);
});
after(() => {
  if (checkout !== undefined) rmSync(checkout, { recursive: true, force: true });
});

/** What must work between the versions, end to end: load, read, draw, fetch, cancel, list, delete. */
async function wholeChain(client: Client, id: string, what: string): Promise<void> {
  assert.equal((await client.put(`/v1/datasets/${id}`, rows(600))).status, 201, what);
  const second = await client.put(`/v1/datasets/${id}`, rows(700));
  assert.equal(second.status, 200, what);
  assert.equal((await client.get(`/v1/datasets/${id}/records/650`)).json.id, 650, what);
  assert.equal((await client.get(`/v1/datasets/${id}.ndjson`)).text.trim().split('\n').length, 700, what);
  for (const [process_, inputs] of [
    ['plot', { dataset: id, type: 'scatter', x: 'a', y: 'b' }],
    ['statistics', { dataset: id }],
  ] as const) {
    const { status, json: job } = await client.ask('POST', '/v1/jobs', {
      body: JSON.stringify({ process: process_, inputs }),
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(status, 201, `${what}: ${JSON.stringify(job)}`);
    const ended = await client.finished(job.id);
    assert.equal(ended.status, 'complete', `${what}: ${JSON.stringify(ended)}`);
    for (const { href } of Object.values(ended.results as Record<string, { href: string }>))
      assert.ok((await client.get(href)).bytes.length > 20, what);
  }
  assert.ok((await client.get('/v1/jobs?limit=5')).json.items.length > 0, what);
  assert.equal((await client.ask('DELETE', `/v1/datasets/${id}`)).status, 204, what);
}

/** Replaces one service by another version while jobs wait and run. All jobs must complete, and everything must work afterwards. */
async function switchTo(stack: Stack, client: Client, service: Service, from: string | undefined, what: string): Promise<void> {
  const submitted = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      client.submit({ dataset: 'kept', type: 'histogram', x: 'a', title: `${what}, ${i}` }, i % 2 === 0 ? ['png'] : ['svg']),
    ),
  );
  for (const { status, text } of submitted) assert.equal(status, 201, text);
  await stack.kill(service, 'SIGTERM');
  stack.runFrom(service, from);
  stack.launch(service);
  await stack.ready([service]);
  for (const { json } of submitted) {
    const ended = await client.finished(json.id);
    assert.equal(ended.status, 'complete', `${what}: ${JSON.stringify(ended)}`);
  }
  await wholeChain(client, `chain-${service}`, what);
}

for (const [title, base, other] of [
  [`this version with each service of ${release}`, 'this', 'release'],
  [`${release} with each service of this version`, 'release', 'this'],
] as const) {
  test(title, { skip }, async () => {
    const of = (side: 'this' | 'release') => (side === 'this' ? undefined : checkout);
    const stack = new Stack({ WORKER_LOST_AFTER_MS: '1500' });
    try {
      for (const service of services) stack.runFrom(service, of(base));
      await stack.start();
      const client = new Client(stack.url);
      await client.put('/v1/datasets/kept', rows(5000));
      for (const service of services) {
        await switchTo(stack, client, service, of(other), `${service} of ${other}`);
        await switchTo(stack, client, service, of(base), `${service} back to ${base}`);
      }
      assert.equal((await client.get('/v1/datasets/kept.ndjson')).text.trim().split('\n').length, 5000);
    } finally {
      await stack.end();
    }
  });
}
