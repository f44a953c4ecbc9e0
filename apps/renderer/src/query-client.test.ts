import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, test } from 'node:test';
import { splitList } from '@almanac/domain';
import { GivePlaceBack } from '@almanac/job-queue';
import { QueryClient, rowsPath } from './query-client.ts';
import { startStandIn } from './testing.ts';

let answer: (response: ServerResponse) => void = () => {};
const seen: { url: string; method: string; body: string; headers: Record<string, unknown> }[] = [];
const standIn = await startStandIn((request, response) => {
  const entry = { url: request.url!, method: request.method!, body: '', headers: request.headers };
  seen.push(entry);
  request.setEncoding('utf8').on('data', (text: string) => {
    entry.body += text;
  });
  request.on('end', () => answer(response));
});
const client = new QueryClient(standIn.url, { stallMs: 1000 });
after(async () => {
  await client.close();
  await standIn.end();
});
const question = {
  dataset: 'stones',
  version: '3-0123456789abcdef',
  columns: ['mass (g)', 'a,b'],
  where: { year: { gte: 1990 }, 'cl&ss': 'L6' },
};
const asking = { requestId: 'request-7', signal: new AbortController().signal };
async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const bytes of body) text += Buffer.from(bytes).toString();
  return text;
}
const refuse = (status: number, body: object) => (response: ServerResponse) => response.writeHead(status).end(JSON.stringify(body));

test('the question: columns, version and filter in the URL, the request id in the head', async () => {
  answer = (response) => response.writeHead(200, { 'almanac-records': '2' }).end('abc');
  const rows = await client.rows(question, asking);
  assert.equal(rows.count, 2);
  assert.equal(await textOf(rows.body), 'abc');
  const { url, headers } = seen.at(-1)!;
  const parameters = new URL(url, 'http://query').searchParams;
  assert.deepEqual([parameters.get('f'), parameters.get('limit'), parameters.get('version')], ['arrow', 'all', question.version]);
  assert.deepEqual(splitList(parameters.get('fields')!), question.columns);
  assert.deepEqual([parameters.get('field.year[gte]'), parameters.get('field.cl&ss')], ['1990', 'L6']);
  assert.deepEqual([headers['x-request-id'], headers.accept], ['request-7', 'application/vnd.apache.arrow.stream; profile=plain']);
  assert.ok(rowsPath(question).startsWith('/v1/datasets/stones/records?f=arrow&fields=mass%20(g)'));
});

test('what query refuses is the problem it is; what is away can be tried again', async () => {
  answer = refuse(410, { type: '/problems/gone', detail: 'Version 3 is gone.' });
  await assert.rejects(client.rows(question, asking), { type: 'gone', status: 410, message: 'Version 3 is gone.' });
  answer = refuse(404, { type: '/problems/unknown-dataset', detail: 'No stones.' });
  await assert.rejects(client.rows(question, asking), { type: 'unknown-dataset', status: 404 });
  answer = refuse(503, { type: '/problems/store-unavailable', detail: 'away' });
  await assert.rejects(client.rows(question, asking), { status: 503 });
  answer = refuse(418, {});
  await assert.rejects(client.rows(question, asking), { type: 'job-failed', message: /returned status 418/ });
});

test('a service that is not there, breaks off or stalls is away, not wrong', async () => {
  const nobody = new QueryClient('unix:/nowhere/at-all.sock');
  await assert.rejects(nobody.rows(question, asking), { status: 503 });
  await nobody.close();
  answer = (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('part');
    setTimeout(() => response.destroy(), 20);
  };
  const { body } = await client.rows(question, asking);
  await assert.rejects(textOf(body), { type: 'bad-gateway', status: 502 });
  answer = (response) => response.writeHead(200).write('part');
  const stalled = await client.rows(question, asking);
  await assert.rejects(textOf(stalled.body), { status: 502 });
});

test('a cancelled job ends its question', async () => {
  const stop = new AbortController();
  answer = () => stop.abort(new Error('cancelled'));
  await assert.rejects(client.rows(question, { ...asking, signal: stop.signal }), /cancelled/);
});

test('an address that is none is a wrong configuration', () => {
  assert.throws(() => new QueryClient('query:5002'), /must be http:\/\/host:port or unix:<path>/);
});

const long = { ...question, where: { year: Array.from({ length: 1200 }, (_, i) => 1_000_000_000 + i), 'cl&ss': { ne: 'L6' } } };

test('a long filter travels in a body; a short one in the URL, as earlier query services understand it', async () => {
  answer = (response) => response.writeHead(200, { 'almanac-records': '1' }).end('abc');
  const before = seen.length;
  assert.equal((await client.rows(long, asking)).count, 1);
  await client.rows(question, asking);
  const [post, get] = seen.slice(before);
  assert.deepEqual([post!.method, post!.url, get!.method], ['POST', '/v1/datasets/stones/search?f=arrow', 'GET']);
  assert.deepEqual(JSON.parse(post!.body), { where: long.where, fields: long.columns, limit: 'all', version: long.version });
});

test('a query service without that route: by URL if it fits, else the job waits for the upgrade', async () => {
  const fitting = { ...question, where: { year: long.where.year.slice(0, 500) } };
  for (const [status, type] of [
    [404, 'not-found'],
    [405, 'method-not-allowed'],
  ] as const) {
    answer = (response) => {
      if (seen.at(-1)!.method === 'GET') response.writeHead(200).end('abc');
      else refuse(status, { type: `/problems/${type}`, detail: 'no such route' })(response);
    };
    assert.equal(await textOf((await client.rows(fitting, asking)).body), 'abc');
    await assert.rejects(client.rows(long, asking), (error) => error instanceof GivePlaceBack && /newer query service/.test(error.message));
  }
  answer = refuse(404, { type: '/problems/unknown-dataset', detail: 'No stones.' });
  const before = seen.length;
  await assert.rejects(client.rows(long, asking), { type: 'unknown-dataset' });
  assert.equal(seen.length, before + 1);
});

test('no room now gives the place back for as long as query asks; what is wrong fails with its words, and is not asked again', async () => {
  for (const status of [503, 429, 408]) {
    answer = (response) => response.writeHead(status, { 'retry-after': '7' }).end(JSON.stringify({ detail: 'Too many searches.' }));
    const isBack = (error: unknown) => error instanceof GivePlaceBack && error.afterMs === 7000 && error.message === 'Too many searches.';
    await assert.rejects(client.rows(question, asking), isBack);
  }
  answer = (response) => response.writeHead(503, { 'retry-after': '999999' }).end();
  await assert.rejects(client.rows(question, asking), (error) => error instanceof GivePlaceBack && error.afterMs === 60_000);
  for (const status of [400, 413, 414, 431]) {
    const before = seen.length;
    answer = refuse(status, { type: '/problems/bad-request', detail: 'The head is too long.' });
    await assert.rejects(client.rows(question, asking), { type: 'bad-request', message: 'The head is too long.' });
    assert.equal(seen.length, before + 1);
  }
});

test('a refusal without end is read for 64 KB', async () => {
  answer = (response) => {
    response.writeHead(400);
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  await assert.rejects(client.rows(question, asking), { type: 'job-failed' });
});

test('who stops reading ends the request, also in the middle of a wait', async () => {
  const closed = Promise.withResolvers<void>();
  answer = (response) => {
    response.writeHead(200).write('part');
    response.on('close', () => closed.resolve());
  };
  const { body } = await client.rows(question, asking);
  const rows = body[Symbol.asyncIterator]();
  await rows.next();
  rows.next().catch(() => {});
  await rows.return!();
  await closed.promise;
});
