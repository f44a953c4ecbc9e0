// A web page of another origin can read from a gateway that its visitor can reach, but not write.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { routes } from './map.ts';
import { ask, converse, countOf, readBody, sendText, startGateway, startStub } from './testing.ts';

const evil = 'https://evil.example';
const job = '8e03978e-40d5-43e8-bc93-6894a57f9324';

async function open(t: TestContext, settings = {}) {
  const stub = await startStub(t, async (request, answer) => {
    await readBody(request);
    if (request.url?.includes('nope')) answer.writeHead(404, { 'content-length': 0, 'content-type': 'application/problem+json' }).end();
    else sendText(answer, 'ok');
  });
  const gateway = await startGateway(t, stub.url, {}, {}, { hosts: '', ...settings });
  return { stub, ...gateway };
}
const changes = (hits: readonly string[]) => hits.filter((hit) => !/^(GET|HEAD) /.test(hit));

test('a page of another site cannot write to any route, whatever the type of its body', async (t) => {
  const { base, stub } = await open(t);
  const unsafe = routes.filter(({ method }) => method !== 'GET');
  assert.ok(unsafe.length > 20);
  for (const { method, path } of unsafe) {
    const url = base + path.replace(/:\w+/g, job);
    for (const headers of [{ origin: evil }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const { status, body } = await ask(url, { method, headers });
      assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      assert.match(body, /may read but not write\. Add the origin to CORS_ORIGINS/);
    }
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
    const headers = { origin: evil, 'content-type': type };
    const { status, headers: heard, body } = await ask(`${base}/v1/datasets?id=csrf`, { method: 'POST', headers, body: 'a,b\n1,2\n' });
    assert.deepEqual([status, heard['content-type']], [403, 'application/problem+json']);
    assert.equal((JSON.parse(body) as { type: string }).type, '/problems/cross-site');
    assert.equal(heard['access-control-allow-origin'], undefined, 'the page cannot read why');
  }
  assert.deepEqual(changes(stub.hits), []);
  assert.ok((await countOf(base, 'gateway_refusals_total')) >= 4 * unsafe.length + 4);
});

test('Almanac’s own pages and programs can write', async (t) => {
  const { base, port, stub } = await open(t);
  const post = async (headers: Record<string, string>) => (await ask(`${base}/v1/jobs`, { method: 'POST', body: '{}', headers })).status;
  assert.equal(await post({}), 200);
  assert.equal(await post({ origin: base }), 200);
  assert.equal(await post({ origin: base, 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await post({ 'sec-fetch-site': 'none' }), 200);
  assert.equal(await post({ host: `localhost:${port}`, origin: `http://LOCALHOST:${port}` }), 200);
  assert.equal(await post({ origin: `http://localhost:${port}` }), 403, 'another name of the same machine is another origin');
  assert.equal(await post({ origin: 'http://127.0.0.1:3000' }), 403, 'another port is another origin');
  assert.equal(changes(stub.hits).length, 5);
});

test('an unknown host name is refused, also for reads and the gateway’s own pages', async (t) => {
  const { base, port, stub } = await open(t, { hosts: 'almanac.example.org' });
  for (const host of ['evil.example', 'localhost.evil.example:5000', '127.0.0.1.nip.io', '2130706433', 'x']) {
    for (const [method, path] of [
      ['GET', '/v1/datasets'],
      ['GET', `/v1/jobs/${job}`],
      ['HEAD', '/'],
      ['GET', '/help'],
      ['GET', '/openapi.json'],
      ['DELETE', '/v1/datasets/csrf'],
      ['POST', '/jobs'],
      ['DELETE', '/data'],
      ['OPTIONS', '/v1/jobs'],
    ] as const) {
      const { status, headers } = await ask(base + path, { method, headers: { host } });
      assert.equal(status, 403, `${method} ${path} at ${host}`);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
    // With DNS rebinding, Host and Origin are equal.
    assert.equal((await ask(`${base}/v1/jobs`, { method: 'POST', headers: { host, origin: `http://${host}` } })).status, 403);
  }
  assert.deepEqual(stub.hits, []);
  for (const path of ['/livez', '/readyz']) assert.equal((await ask(base + path, { headers: { host: 'balancer' } })).status, 200, path);
  for (const host of [
    'almanac.example.org',
    'ALMANAC.example.org.:80',
    'localhost',
    'localhost.',
    '[::1]:5000',
    '10.1.2.3:5000',
    `x.localhost`,
  ])
    assert.equal((await ask(`${base}/v1/datasets`, { headers: { host } })).status, 200, host);
  assert.match(
    (await ask(`${base}/help`, { headers: { host: 'evil.example' } })).body,
    /'evil\.example' is not a known name of this server.*PUBLIC_HOSTS/,
  );
  assert.match(await converse(port, 'GET /v1/datasets HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 200 /, 'HTTP/1.0 without a Host is no browser');
  assert.match(await converse(port, 'GET /v1/datasets HTTP/1.1\r\nHost:\r\n\r\n'), /^HTTP\/1.1 400 /);
  assert.match(await converse(port, 'GET http://localhost/v1/datasets HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^HTTP\/1.1 400 /);
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n';
  assert.doesNotMatch(await converse(port, `GET /v1/jobs/events HTTP/1.1\r\nHost: evil.example\r\n${upgrade}\r\n`), /HTTP\/1.1 (101|200)/);
});

test('X-Forwarded-Host makes no name known, and is used only behind a trusted proxy', async (t) => {
  const direct = await open(t);
  const put = async (base: string, headers: Record<string, string>) =>
    (await ask(`${base}/v1/datasets/x`, { method: 'PUT', body: 'a', headers })).status;
  assert.equal(await put(direct.base, { host: 'evil.example', 'x-forwarded-host': 'localhost' }), 403);
  assert.equal(await put(direct.base, { origin: evil, 'x-forwarded-host': 'evil.example' }), 403);
  const behind = await open(t, { proxies: 1, hosts: 'almanac.example.org' });
  const forwarded = { 'x-forwarded-host': 'almanac.example.org', 'x-forwarded-proto': 'https' };
  assert.equal(await put(behind.base, { ...forwarded, origin: 'https://almanac.example.org' }), 200);
  assert.equal(await put(behind.base, { ...forwarded, origin: evil }), 403);
  assert.equal(await put(behind.base, { 'x-forwarded-host': 'evil.example', origin: evil }), 403);
  assert.equal(await put(behind.base, { 'x-forwarded-host': 'localhost', host: 'evil.example' }), 403);
  const { body } = await ask(`${behind.base}/help`, { headers: forwarded });
  assert.match(body, /curl https:\/\/almanac\.example\.org\/help/);
});

test('with a write token any host name is accepted, and pages of other sites still cannot write', async (t) => {
  const { base } = await open(t, { writeTokens: 'right-one', hosts: '' });
  assert.equal((await ask(`${base}/v1/datasets`, { headers: { host: 'any.example' } })).status, 200);
  const headers = { authorization: 'Bearer right-one' };
  assert.equal((await ask(`${base}/v1/jobs`, { method: 'POST', headers })).status, 200);
  assert.equal((await ask(`${base}/v1/jobs`, { method: 'POST', headers: { ...headers, origin: evil } })).status, 403);
});

test('pages of any origin may read responses and errors, and the relevant headers', async (t) => {
  const { base } = await open(t);
  for (const path of [
    '/v1/datasets/f07.csv',
    `/v1/jobs/${job}`,
    '/v1/datasets/f07/records?nope=1',
    '/help',
    '/',
    '/v1/nothing',
    '/v1/problems',
  ]) {
    for (const headers of [{ origin: evil, 'sec-fetch-site': 'cross-site' }, {}]) {
      const answer = await ask(base + path, { headers });
      assert.equal(answer.headers['access-control-allow-origin'], '*', path);
      for (const name of ['Link', 'ETag', 'Almanac-Version', 'Retry-After', 'Location'])
        assert.ok(answer.headers['access-control-expose-headers']?.split(', ').includes(name), name);
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    }
  }
});

test('a preflight allows reads for all origins, writes for CORS_ORIGINS', async (t) => {
  const { base, stub } = await open(t, { corsOrigins: 'https://pages.example' });
  const preflight = (origin: string, method: string, path = '/v1/jobs') =>
    ask(base + path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type,authorization' },
    });
  const read = await preflight(evil, 'GET');
  assert.deepEqual(
    [read.status, read.headers['access-control-allow-origin'], read.headers['access-control-allow-methods']],
    [204, '*', 'GET, HEAD'],
  );
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'post', 'X']) {
    const refused = await preflight(evil, method);
    assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [403, undefined], method);
  }
  const allowed = await preflight('https://pages.example', 'POST');
  assert.deepEqual([allowed.status, allowed.headers['access-control-allow-origin']], [204, 'https://pages.example']);
  assert.match(allowed.headers['access-control-allow-methods'] as string, /POST, PUT, PATCH, DELETE/);
  assert.match(allowed.headers['access-control-allow-headers'] as string, /Authorization, Content-Type/);
  assert.match(allowed.headers.vary as string, /origin/);
  assert.deepEqual(stub.hits, []);
  const headers = { origin: 'https://pages.example', 'sec-fetch-site': 'cross-site' };
  const written = await ask(`${base}/v1/jobs`, { method: 'POST', headers, body: '{}' });
  assert.deepEqual([written.status, written.headers['access-control-allow-origin']], [200, 'https://pages.example']);
  assert.equal((await ask(`${base}/v1/jobs`, { method: 'OPTIONS' })).status, 405, 'without an Origin it is no preflight');
});

test('responses of the gateway itself have nosniff, and its errors are not cached', async (t) => {
  const { base, port } = await open(t);
  for (const path of ['/livez', '/readyz', '/help', '/', '/openapi.json', '/docs/', '/problems', '/hello', '/metrics', '/v1/nothing'])
    assert.equal((await ask(base + path)).headers['x-content-type-options'], 'nosniff', path);
  for (const [path, method] of [
    ['/v1/nothing', 'GET'],
    ['/v1/jobs', 'TRACE'],
    ['/problems/none', 'GET'],
    ['/hello/', 'HEAD'],
  ] as const)
    assert.equal((await ask(base + path, { method })).headers['cache-control'], 'no-store', path);
  for (const bytes of ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, 'GET / HTTP/1.1\r\n\r\n']) {
    const text = await converse(port, bytes);
    assert.match(text, /\r\nx-content-type-options: nosniff\r\n/i);
  }
});
