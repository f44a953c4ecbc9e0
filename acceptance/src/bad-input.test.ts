// For any input, the response names the error and the fix. Nothing returns 500, nothing hangs, and loaded data is unchanged.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Client, type ClientResponse } from './client.ts';
import { needsOwn, Stack } from './stack.ts';

const stack = new Stack({ MAX_BODY_BYTES: '3000000' });
let client: Client;
let version: string;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
  version = (await client.put('/v1/datasets/good', 'id,mass (g),recclass\n1,21,L5\n2,720,H6\n3,,L6\n')).json.version;
});
after(() => stack.end());

function assertProblem(response: ClientResponse, status: number, type: string, detail: RegExp): void {
  assert.equal(response.status, status, response.text);
  assert.match(response.headers.get('content-type') as string, /^application\/problem\+json/);
  assert.equal(response.json.type, `/problems/${type}`);
  assert.equal(response.json.status, status);
  assert.match(response.json.detail, detail);
}

const html = '<!doctype html><html><body>Sign in</body></html>';
const zipped = gzipSync(Array.from({ length: 20_000 }, (_, i) => `${i},${Math.sin(i)}`).join('\n'));

const loads: [string, string | Uint8Array, Record<string, string>, number, string, RegExp][] = [
  ['HTML called JSON', html, { 'content-type': 'application/json' }, 400, 'malformed-data', /./],
  ['CSV called JSON', 'a,b\n1,2\n', { 'content-type': 'application/json' }, 400, 'malformed-data', /./],
  ['JSON called NDJSON', '[\n{"a":1}\n]', { 'content-type': 'application/x-ndjson' }, 400, 'malformed-data', /./],
  ['JSON that ends early', '[{"a":1},{"a":', { 'content-type': 'application/json' }, 400, 'malformed-data', /end/i],
  [
    'a gzip that ends early',
    zipped.subarray(0, zipped.length / 2),
    { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
    400,
    'malformed-data',
    /gzip|ends early/i,
  ],
  ['text called gzip', 'a,b\n1,2\n', { 'content-type': 'text/csv', 'content-encoding': 'gzip' }, 400, 'malformed-data', /gzip/i],
  ['an unknown coding', 'a,b\n1,2\n', { 'content-type': 'text/csv', 'content-encoding': 'br' }, 415, 'unsupported-media-type', /gzip/],
  ['an empty list', '[]', { 'content-type': 'application/json' }, 400, 'empty-data', /./],
  ['no byte at all', '', { 'content-type': 'text/csv' }, 400, 'empty-data', /./],
  ['a header alone', 'a,b\n', { 'content-type': 'text/csv' }, 400, 'empty-data', /./],
  ['a picture', 'x', { 'content-type': 'image/png' }, 415, 'unsupported-media-type', /text\/csv/],
  ['a form', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'unsupported-media-type', /--data-binary/],
  ['a body over the limit', `a\n${'1234567\n'.repeat(400_000)}`, { 'content-type': 'text/csv' }, 413, 'body-too-large', /3,000,000/],
  ['a quote without an end', 'a,b\n1,"2\n3,4\n', { 'content-type': 'text/csv' }, 400, 'malformed-data', /quot/i],
];
for (const [name, body, headers, status, type, detail] of loads) {
  const skip = type === 'body-too-large' && needsOwn;
  test(`loading ${name}: ${status} ${type}, and the old records are kept`, { skip }, async () => {
    assertProblem(await client.ask('PUT', '/v1/datasets/good', { body, headers }), status, type, detail);
    assert.equal((await client.get('/v1/datasets/good')).json.version, version);
  });
}

test('a gzip bomb is stopped by the limit on its decompressed size', { skip: needsOwn }, async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 'a,b\n'));
  assertProblem(
    await client.ask('PUT', '/v1/datasets/good', { body: bomb, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } }),
    413,
    'body-too-large',
    /3,000,000/,
  );
});

test('ragged rows are rejected with number and reason, and the rest is loaded', async () => {
  const { status, json } = await client.put('/v1/datasets/ragged', 'a,b\n1,2\n3\n4,5\n6,7,8\n');
  assert.equal(status, 201);
  assert.equal(json.rows, 2);
  assert.equal(json.rejected, 2);
  assert.deepEqual(
    json.rejects.map((r: { row: number; raw: string }) => [r.row, r.raw]),
    [
      [2, '3'],
      [4, '6,7,8'],
    ],
  );
  assert.match(json.rejects[0].reason, /1 field/);
  assert.equal((await client.get('/v1/datasets/ragged/rejects')).json.items.length, 2);
});

const reads: [string, number, string, RegExp][] = [
  ['/v1/datasets/goood', 404, 'unknown-dataset', /'goood' \(did you mean 'good'\?\)/],
  ['/v1/datasets/good/records/99', 404, 'unknown-record', /'id' is '99'/],
  ['/v1/datasets/good/records?limit=abc', 400, 'invalid-parameter', /limit.*abc/],
  ['/v1/datasets/good/records?limit=-1', 400, 'invalid-parameter', /limit.*-1/],
  ['/v1/datasets/good/records?limit=10001', 400, 'invalid-parameter', /limit/],
  ['/v1/datasets/good/records?offset=-5', 400, 'invalid-parameter', /offset.*-5/],
  ['/v1/datasets/good/records?limt=5', 400, 'unknown-parameter', /limt.*did you mean 'limit'/],
  ['/v1/datasets/good/records?fields=id,mass', 400, 'unknown-column', /'mass' \(did you mean 'mass \(g\)'\?\)/],
  ['/v1/datasets/good/records?field.clas=L5', 400, 'unknown-column', /clas/],
  ['/v1/datasets/good/records?field.id[above]=1', 400, 'invalid-parameter', /above/],
  ['/v1/datasets/good/records?f=pdf', 406, 'not-acceptable', /csv/],
  ['/v1/datasets/good/records?version=99-0123456789abcdef', 410, 'gone', /99/],
  ['/v1/datasets/good/records?version=old', 400, 'invalid-parameter', /old/],
  ['/v1/datasets/Good!', 404, 'unknown-dataset', /Good!/],
  ['/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324', 404, 'unknown-job', /8e03978e/],
  ['/v1/jobs/1', 404, 'unknown-job', /'1'/],
  ['/v1/jobs?limit=x', 400, 'invalid-parameter', /limit/],
  ['/v1/jobs?status=done', 400, 'invalid-parameter', /done/],
  ['/v1/processes/plots', 404, 'unknown-process', /did you mean 'plot'/],
  ['/v1/dataset', 404, 'not-found', /\/v1\/dataset/],
  ['/v1/datasets?limit=0', 400, 'invalid-parameter', /limit/],
];
for (const [path, status, type, detail] of reads) {
  test(`GET ${path}: ${status} ${type}`, async () => assertProblem(await client.get(path), status, type, detail));
}

const jobs: [string, object, number, string, RegExp][] = [
  ['an unknown process', { process: 'plt', inputs: { dataset: 'good' } }, 404, 'unknown-process', /did you mean 'plot'/],
  ['an unknown data set', { process: 'plot', inputs: { dataset: 'goood' } }, 404, 'unknown-dataset', /did you mean 'good'/],
  [
    'an unknown column',
    { process: 'plot', inputs: { dataset: 'good', type: 'histogram', x: 'mass' } },
    400,
    'unknown-column',
    /did you mean 'mass \(g\)'/,
  ],
  [
    'an unknown type',
    { process: 'plot', inputs: { dataset: 'good', type: 'scater', x: 'id', y: 'id' } },
    400,
    'unknown-plot-type',
    /did you mean 'scatter'/,
  ],
  [
    'a text column as numbers',
    { process: 'plot', inputs: { dataset: 'good', type: 'histogram', x: 'recclass' } },
    400,
    'unsuitable-column',
    /recclass/,
  ],
  [
    'an unknown member',
    { process: 'plot', inputs: { dataset: 'good', type: 'histogram', x: 'id', binz: 5 } },
    400,
    'invalid-body',
    /binz.*did you mean 'bins'/,
  ],
  [
    'a size out of range',
    { process: 'plot', inputs: { dataset: 'good', type: 'histogram', x: 'id', width: 1e9 } },
    400,
    'invalid-body',
    /width/,
  ],
  ['an unknown output', { process: 'plot', inputs: { dataset: 'good' }, outputs: ['gif'] }, 400, 'invalid-body', /gif/],
  ['a filter on an unknown column', { process: 'plot', inputs: { dataset: 'good', where: { clas: 'L5' } } }, 400, 'unknown-column', /clas/],
  ['an unknown version', { process: 'plot', inputs: { dataset: 'good', version: '9-0123456789abcdef' } }, 410, 'gone', /9-/],
  ['no inputs', { process: 'plot' }, 400, 'invalid-body', /inputs/],
];
for (const [name, body, status, type, detail] of jobs) {
  test(`a job with ${name}: ${status} ${type}`, async () => {
    assertProblem(
      await client.ask('POST', '/v1/jobs', { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      status,
      type,
      detail,
    );
  });
}

test('a job that is not JSON, or larger than the limit, is rejected with the reason', async () => {
  const post = (body: string) => client.ask('POST', '/v1/jobs', { body, headers: { 'content-type': 'application/json' } });
  assertProblem(await post('{"process":'), 400, 'invalid-body', /./);
  const large = await post(JSON.stringify({ process: 'plot', inputs: { dataset: 'good', title: 'x'.repeat(2_000_000) } }));
  assert.equal(large.status, 413);
  assert.equal(large.json.maxBytes, 128 * 1024);
});

test('a wrong method returns 405 and the allowed methods', async () => {
  const response = await client.ask('PATCH', '/v1/datasets');
  assert.equal(response.status, 405);
  assert.match(response.headers.get('allow') as string, /GET/);
});

test('an invalid data set id is rejected with a valid suggestion', async () => {
  assertProblem(await client.put('/v1/datasets/My%20Data.csv', 'a\n1\n'), 400, 'invalid-parameter', /my-data/);
});

test('a result that does not exist yet, or an unknown result, is reported', async () => {
  const { json: job } = await client.submit({ dataset: 'good', type: 'bar', x: 'recclass' }, ['png'], { prefer: 'wait=20' });
  assertProblem(await client.get(`/v1/jobs/${job.id}/results/svg`), 404, 'unknown-result', /png/);
});

test('afterwards, no process has restarted', { skip: needsOwn }, () => {
  for (const name of ['gateway', 'ingest', 'query', 'jobs', 'renderer'] as const) assert.ok(stack.isRunning(name), name);
});
