// Anyone can read, and clients with the write token can write.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.ts';
import { type Service, Stack, services } from './stack.ts';

const token = 'Kd8-only.for_this~test';
const stones = 'id,name,year,recclass,mass (g)\n1,Ruiz,1980,L5,21\n2,Beeler,1951,H6,720\n3,Brock,1952,L5,107000\n4,Hillary,1976,,\n';
const stack = new Stack({ ALMANAC_WRITE_TOKEN: `${token},another-token`, LOG_LEVEL: 'debug' });
let client: Client;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
});
after(() => stack.end());

const bearer = { authorization: `Bearer ${token}` };
const csv = { 'content-type': 'text/csv' };
const json = { 'content-type': 'application/json' };
const plot = JSON.stringify({ inputs: { dataset: 'stones', type: 'bar', x: 'recclass' } });

test('without the token, nothing can be changed: data sets, jobs, course routes', async () => {
  const tries = [
    ['PUT', '/v1/datasets/stones', stones, csv],
    ['POST', '/v1/datasets?id=stones', stones, csv],
    ['POST', '/data', stones, csv],
    ['POST', '/jobs', '{}', json],
    ['POST', '/v1/jobs', plot, json],
    ['POST', '/image', '', {}],
    ['DELETE', '/data', undefined, {}],
    ['PUT', '/v1/processes/mine', '{}', json],
    ['POST', '/v1/processes/plot/take', '{}', json],
  ] as const;
  for (const [method, path, body, headers] of tries) {
    const question = { headers, ...(body === undefined ? {} : { body }) };
    const { status, headers: answered, text } = await client.ask(method, path, question);
    assert.equal(status, 401, `${method} ${path}: ${text}`);
    assert.match(answered.get('www-authenticate') ?? '', /^Bearer/);
    assert.match(text, /curl -X/);
    assert.ok(!text.includes(token));
  }
  assert.deepEqual((await client.get('/v1/datasets')).json.items, []);
  assert.deepEqual((await client.get('/v1/jobs')).json.items, []);
});

test('with the token, everything works; reading and watching need none', async () => {
  const put = await client.ask('PUT', '/v1/datasets/stones', { body: stones, headers: { ...csv, ...bearer } });
  assert.equal(put.status, 201, put.text);
  assert.equal((await client.get('/v1/datasets/stones/records')).json.items.length, 4);
  assert.equal((await client.ask('HEAD', '/v1/datasets/stones')).status, 200);
  const course = await client.ask('POST', '/data', { body: stones, headers: { ...csv, ...bearer } });
  assert.ok(course.status < 300, course.text);
  assert.equal((await client.get('/data')).json.length, 4);

  const job = await client.ask('POST', '/v1/jobs', { body: plot, headers: { ...json, authorization: 'Bearer another-token' } });
  assert.ok(job.status < 300, job.text);
  const events = await client.get(`/v1/jobs/${job.json.id}/events`);
  assert.match(events.text, /"status":"complete"/);
  assert.equal((await client.get(`/v1/jobs/${job.json.id}/results/png`)).bytes.subarray(1, 4).toString(), 'PNG');
});

test('the documents describe the token, and no log contains it', async () => {
  const { json: document } = await client.get('/openapi.json');
  assert.equal(document.components.securitySchemes.writeToken.scheme, 'bearer');
  assert.deepEqual(document.paths['/v1/jobs'].post.security, [{ writeToken: [] }]);
  assert.equal(document.paths['/v1/jobs'].get.security, undefined);
  assert.match((await client.get('/problems')).text, /unauthorized/);
  assert.equal((await client.get('/docs/')).status, 200);
  assert.match((await client.get('/metrics')).text, /^gateway_refusals_total\{reason="token"[^}]*\} 9$/m);
  for (const name of [...services, 'store'] as (Service | 'store')[]) {
    const log = readFileSync(join(stack.folder, `${name}.log`), 'utf8');
    assert.ok(log.length > 0 && !log.includes(token) && !log.includes('another-token'), name);
  }
});
