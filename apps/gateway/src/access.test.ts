import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http, { type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { routes } from './map.ts';
import type { OpenApi } from './openapi/document.ts';
import { operationsOf } from './openapi/document.ts';
import { ask, converse, countOf, openSocket, readBody, sendText, startGateway, startStub } from './testing.ts';

const run = promisify(execFile);
const rows = '/v1/datasets/genes/records';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A service that returns what it received. */
const mirror = (t: TestContext) =>
  startStub(t, async (request, answer) => {
    const body = await readBody(request);
    sendText(answer, JSON.stringify({ method: request.method, url: request.url, headers: request.headers, length: body.length }));
  });
const locked = async (t: TestContext, settings = {}) => {
  const stub = await mirror(t);
  return { stub, ...(await startGateway(t, stub.url, {}, {}, { writeTokens: 'right-one,next-one', ...settings })) };
};

test('only write routes require the token', async (t) => {
  const { base, stub } = await locked(t);
  for (const { method, path, owner, safe } of routes) {
    const url = base + path.replace(/:\w+/g, 'x');
    if (path.endsWith('/events')) continue;
    const { status, headers, body } = await ask(url, { method });
    assert.equal(status === 401, method !== 'GET' && safe !== true, `${method} ${path}: ${status} ${body}`);
    if (method === 'GET' || safe === true) continue;
    assert.equal(headers['www-authenticate'], 'Bearer realm="almanac"');
    assert.doesNotMatch(body, /right-one|next-one/);
    if (owner !== 'self') assert.equal((await ask(url, { method, headers: bearer('next-one') })).status, 200, `${method} ${path}`);
  }
  assert.equal(
    stub.hits.filter((hit) => !hit.startsWith('GET ')).length,
    routes.filter(({ method, owner }) => method !== 'GET' && owner !== 'self').length,
  );
  assert.equal((await ask(base + rows, { method: 'HEAD' })).status, 200);
  assert.equal((await ask(base + rows, { headers: bearer('wrong') })).status, 200, 'a read is not asked');
  assert.equal((await ask(base + rows, { method: 'OPTIONS' })).status, 405);
  assert.equal((await ask(`${base}/v1/nothing`, { method: 'POST' })).status, 401);
});

test('without a configured token, anyone can write', async (t) => {
  const stub = await mirror(t);
  const { base } = await startGateway(t, stub.url);
  assert.equal((await ask(`${base}/v1/datasets/x`, { method: 'PUT', body: 'a' })).status, 200);
  const { headers } = await ask(base + rows);
  assert.equal(headers['ratelimit-policy'], undefined);
});

test('a 401 is a problem with a command that works; course paths get the course’s form', async (t) => {
  const { base } = await locked(t);
  const { status, headers, body } = await ask(`${base}/v1/datasets/x?key=id`, {
    method: 'PUT',
    body: 'id\n1\n',
    headers: { 'content-type': 'text/csv; charset=utf-8' },
  });
  assert.equal(status, 401);
  assert.equal(headers['content-type'], 'application/problem+json');
  const problem = JSON.parse(body) as { type: string; detail: string };
  assert.equal(problem.type, '/problems/unauthorized');
  const line = /curl .*$/.exec(problem.detail)?.[0] as string;
  // The command has no characters that JSON escapes.
  assert.ok(body.includes(line));
  const file = import.meta.filename;
  const { stdout } = await run('sh', ['-c', line.replace('@FILE', `@${file}`)], {
    env: { ...process.env, ALMANAC_WRITE_TOKEN: 'right-one' },
  });
  const heard = JSON.parse(stdout) as { method: string; url: string; headers: IncomingHttpHeaders; length: number };
  assert.deepEqual([heard.method, heard.url, heard.headers['content-type']], ['PUT', '/v1/datasets/x?key=id', 'text/csv']);
  assert.ok(heard.length > 1000);

  const course = await ask(`${base}/data`, { method: 'POST' });
  assert.deepEqual([course.status, course.headers['content-type']], [401, 'application/json']);
  assert.match((JSON.parse(course.body) as { message: string }).message, /curl -X POST --oauth2-bearer \$ALMANAC_WRITE_TOKEN/);
  const wrong = await ask(`${base}/data`, { method: 'POST', headers: bearer('guess') });
  assert.equal(wrong.status, 401);
  assert.match(wrong.body, /write token is not valid/);
  const odd = await ask(`${base}/v1/jobs?a='$(id)`, { method: 'POST', headers: { host: "x'$(id)" } });
  assert.doesNotMatch(odd.body, /\$\(/, 'nothing of the caller that a shell would run');
});

test('the token is not forwarded, on any kind of connection', async (t) => {
  const { base } = await locked(t);
  const headersAt = async (path: string, options = {}) =>
    (JSON.parse((await ask(base + path, { headers: bearer('right-one'), ...options })).body) as { headers: IncomingHttpHeaders }).headers;
  assert.equal((await headersAt(`${rows}/1`)).authorization, undefined);
  assert.equal((await headersAt(rows)).authorization, undefined);
  assert.equal((await headersAt('/v1/jobs', { method: 'POST', body: '{}' })).authorization, undefined);
});

test('a connection stays usable after a refusal, whatever the size of the body', async (t) => {
  const { base, port, stub } = await locked(t);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  for (const body of [undefined, 'a', 'b'.repeat(5_000_000)]) {
    assert.equal((await ask(`${base}/v1/datasets/x`, { method: 'PUT', agent, ...(body === undefined ? {} : { body }) })).status, 401);
    assert.equal((await ask(`${base}/v1/datasets/x`, { method: 'PUT', agent, body: 'ok', headers: bearer('right-one') })).status, 200);
  }
  const chunked = { 'transfer-encoding': 'chunked' };
  assert.equal((await ask(`${base}/v1/datasets/x`, { method: 'PUT', agent, body: 'c'.repeat(100_000), headers: chunked })).status, 401);
  assert.equal((await ask(base + rows, { agent })).status, 200);
  const sockets = Object.values(agent.freeSockets).flat();
  assert.equal(sockets.length, 1);
  assert.equal(stub.hits.filter((hit) => hit.startsWith('PUT')).length, 3, 'no refused body reached the service');

  const two = 'POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabcGET /hello HTTP/1.1\r\nhost: x\r\n\r\n';
  assert.deepEqual(
    [...(await converse(port, two)).matchAll(/HTTP\/1.1 (\d+)/g)].map((match) => match[1]),
    ['401', '200'],
  );
});

test('a large body is refused at its start, and a client that sends all of it first still gets the response', async (t) => {
  const { port, stub } = await locked(t);
  const socket = await openSocket(port);
  const head = (more = '') => `PUT /v1/datasets/x HTTP/1.1\r\nhost: x\r\ncontent-length: 200000000\r\n${more}\r\n`;
  socket.write(`${head()}the first bytes`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1.1 401 /);
  socket.destroy();
  // This client reads nothing until all is sent. If the connection closed during the body, it would be reset and the response lost.
  const stubborn = connect(port, '127.0.0.1');
  const size = 20_000_000;
  stubborn.write(`PUT /v1/datasets/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${size}\r\n\r\n`);
  await new Promise<void>((resolve, reject) => stubborn.write(Buffer.alloc(size), (error) => (error ? reject(error) : resolve())));
  assert.match(await readText(stubborn), /^HTTP\/1.1 401 [\s\S]*\}$/);
  assert.deepEqual(stub.hits, []);
});

test('a client that sends Expect: 100-continue gets 401 and no 100; with the token, it gets 100 and the response', async (t) => {
  const { port, stub } = await locked(t);
  const head = (more: string) => `PUT /v1/datasets/x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 3\r\n${more}\r\n`;
  const refused = await converse(port, head(''));
  assert.match(refused, /^HTTP\/1.1 401 /);
  assert.match(refused, /\r\nconnection: close\r\n/i);
  assert.match(await converse(port, head('').replace('/datasets/', '/nothing/')), /^HTTP\/1.1 401 /);
  assert.deepEqual(stub.hits, []);
  const admitted = await converse(port, `${head('authorization: Bearer right-one\r\n')}abc`);
  assert.match(admitted, /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
  assert.match(admitted, /"length":3/);
});

test('a client gets its burst, then 429 with Retry-After; probes and the scraper are not counted', async (t) => {
  const stub = await mirror(t);
  const { base } = await startGateway(t, stub.url, {}, {}, { perMinute: 2, burst: 3 });
  const answers = [];
  for (const path of [`${rows}/1`, rows, '/hello', rows, '/v1/nothing', '/help']) answers.push(await ask(base + path));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 429, 429, 429],
  );
  for (const { headers } of answers) assert.equal(headers['ratelimit-policy'], '"client";q=3;w=90');
  assert.deepEqual(
    answers.slice(0, 4).map(({ headers }) => /r=(\d+)/.exec(headers.ratelimit as string)?.[1]),
    ['2', '1', '0', '0'],
  );
  const [refused] = answers.slice(3);
  assert.ok(Number(refused?.headers['retry-after']) >= 1 && Number(refused?.headers['retry-after']) <= 30);
  assert.equal((JSON.parse(refused?.body as string) as { type: string }).type, '/problems/too-many-requests');
  for (let i = 0; i < 5; i++)
    for (const path of ['/livez', '/readyz', '/metrics']) assert.notEqual((await ask(base + path)).status, 429, path);
  assert.equal(stub.hits.filter((hit) => hit.includes(rows)).length, 2);
  assert.equal(await countOf(base, 'gateway_refusals_total'), 3);
});

test('/metrics is served to direct connections only, not through a proxy', async (t) => {
  const stub = await mirror(t);
  const status = async (proxies: number, headers: Record<string, string>, method = 'GET') => {
    const { base } = await startGateway(t, stub.url, {}, {}, { proxies });
    return (await ask(`${base}/metrics?x=1`, { method, headers })).status;
  };
  const outside = { 'x-forwarded-for': '1.1.1.1' };
  assert.deepEqual([await status(1, outside), await status(1, outside, 'HEAD')], [404, 404]);
  assert.deepEqual([await status(1, {}), await status(0, {})], [200, 200]);
  assert.deepEqual([await status(0, outside), await status(0, { forwarded: 'for=1.1.1.1' })], [404, 404], 'a proxy that nobody configured');
});

test('a valid token is a client of its own, an invalid one counts for its address; proxies are trusted if configured', async (t) => {
  const settings = { perMinute: 1, burst: 2, proxies: 1 };
  const { base } = await locked(t, settings);
  const status = async (headers: Record<string, string>, method = 'POST') => (await ask(`${base}/v1/jobs`, { method, headers })).status;
  const at = (address: string) => ({ 'x-forwarded-for': `6.6.6.6, ${address}` });
  assert.deepEqual(
    [await status({ ...at('1.1.1.1'), ...bearer('guess-1') }), await status({ ...at('1.1.1.1'), ...bearer('guess-2') })],
    [401, 401],
  );
  assert.equal(await status({ ...at('1.1.1.1'), ...bearer('guess-3') }), 429, 'guessing is counted');
  assert.equal(await status({ ...at('1.1.1.1'), ...bearer('right-one') }), 200);
  assert.equal(await status({ ...at('2.2.2.2'), ...bearer('right-one') }), 200);
  assert.equal(await status({ ...at('3.3.3.3'), ...bearer('right-one') }, 'GET'), 429, 'the token has had its two');
  assert.equal(await status(at('3.3.3.3'), 'GET'), 200);
  const heard = JSON.parse((await ask(base + rows, { headers: at('4.4.4.4') })).body) as { headers: IncomingHttpHeaders };
  assert.equal(heard.headers['x-forwarded-for'], '4.4.4.4');
  const { body } = await ask(`${base}/metrics`);
  assert.match(body, /^gateway_refusals_total\{reason="token"[^}]*\} 2$/m);
  assert.match(body, /^gateway_refusals_total\{reason="rate"[^}]*\} 2$/m);
});

test('the merged document has the write token, only if one is configured, and each status of a refusal', async (t) => {
  const own: OpenApi = {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths: Object.fromEntries(
      ['/v1/jobs', '/v1/datasets'].map((path) => [path, { get: { responses: { 200: {} } }, post: { responses: { 201: {} } } }]),
    ),
  };
  const stub = await startStub(t, (_, answer) => sendText(answer, JSON.stringify(own)));
  const documentAt = async (access: object) => {
    const { base } = await startGateway(t, stub.url, {}, {}, access);
    return JSON.parse((await ask(`${base}/openapi.json`)).body) as OpenApi;
  };
  const open = await documentAt({});
  assert.equal(open.components?.securitySchemes, undefined);
  assert.doesNotMatch(JSON.stringify(open.paths), /"401"/);

  const both = await documentAt({ writeTokens: 'right-one', perMinute: 100 });
  assert.match(JSON.stringify(both.components?.securitySchemes), /^\{"writeToken":\{"type":"http","scheme":"bearer",/);
  assert.ok(both.components?.schemas?.Problem !== undefined, 'what 401 and 429 refer to');
  let writes = 0;
  for (const { method, path, operation } of operationsOf(both)) {
    const codes = Object.keys(operation.responses as object);
    assert.equal(codes.includes('401'), method !== 'GET', `${method} ${path}`);
    // 429 is possible without a rate limit: the pipelined requests of a connection and the streams of a client are limited.
    for (const code of ['400', '403', '414', '429', '431', '502', '503']) assert.ok(codes.includes(code), `${method} ${path} ${code}`);
    assert.equal(codes.includes('507'), method !== 'GET', `${method} ${path}`);
    assert.deepEqual(operation.security, method === 'GET' ? undefined : [{ writeToken: [] }]);
    if (method !== 'GET') writes++;
  }
  assert.equal(writes, 2);
});

test('help and the landing page show the token for write routes', async (t) => {
  const { base } = await locked(t);
  const { body } = await ask(`${base}/help`);
  assert.match(body, /curl --oauth2-bearer \$ALMANAC_WRITE_TOKEN -T meteorites.csv /);
  assert.match(body, /\n {6}curl http:\S+\/v1\/datasets\n/);
  const page = (await ask(base, { headers: { accept: 'text/html' } })).body;
  assert.equal(page.match(/--oauth2-bearer/g)?.length, 2);
});
