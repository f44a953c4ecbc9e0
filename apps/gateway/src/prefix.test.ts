// Almanac under a path prefix. The whole product under a prefix: acceptance/src/prefix.test.ts.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { buildApp } from './app.ts';
import { ask, sendText, startGateway, startStub } from './testing.ts';

async function started(t: TestContext, basePath = '', access = {}) {
  const stub = await startStub(t, (request, answer) => {
    if (request.url === '/openapi.json') sendText(answer, '{}');
    else sendText(answer, JSON.stringify({ url: request.url, prefix: request.headers['x-forwarded-prefix'] ?? null }));
  });
  return { stub, ...(await startGateway(t, stub.url, {}, {}, access, basePath)) };
}
const heard = async (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  JSON.parse((await ask(url, { method, headers })).body) as { url: string; prefix: string | null; type?: string };

test('a base path is stripped, whether or not a proxy did it, and sent to the services', async (t) => {
  const { base } = await started(t, '/almanac');
  for (const [path, url] of [
    ['/almanac/v1/datasets', '/v1/datasets'],
    ['/almanac/v1/datasets/x/records/1?a=/almanac/', '/v1/datasets/x/records/1?a=/almanac/'],
    ['/v1/datasets', '/v1/datasets'],
    ['/almanac/data', '/data'],
    ['/v1/datasets/almanac', '/v1/datasets/almanac'],
  ] as const)
    assert.deepEqual(await heard(base + path), { url, prefix: '/almanac' }, path);
  assert.deepEqual(await heard(`${base}/almanac/v1/jobs`, {}, 'POST'), { url: '/v1/jobs', prefix: '/almanac' });
  for (const path of ['/livez', '/readyz', '/metrics', '/almanac/livez', '/almanac', '/almanac/', '/almanac?x', '/almanac/help'])
    assert.equal((await ask(base + path, { headers: { accept: 'text/html' } })).status, 200, path);
  for (const path of ['/almanacs/v1/datasets', '/almanac.v1/datasets', '/Almanac/v1/datasets', '/almanac/almanac/v1/datasets'])
    assert.equal((await ask(base + path)).status, 404, path);
  assert.equal((await heard(`${base}/v1/nothing`)).type, '/almanac/problems/not-found');
  assert.equal((await ask(`${base}/almanac/../v1/datasets`)).status, 200, 'the client itself takes dots away');
});

test('X-Forwarded-Prefix is used if it is well-formed and comes from a proxy on this machine', async (t) => {
  const { base, stub } = await started(t);
  const prefix = async (value: string) => (await heard(`${base}/v1/datasets`, { 'x-forwarded-prefix': value })).prefix;
  for (const value of ['/almanac', '/a/b-c/d_e.f~1', '/almanac/']) assert.equal(await prefix(value), value.replace(/\/$/, ''), value);
  for (const value of [
    '//evil.example',
    '/a//b',
    '/..',
    '/a/../b',
    '/./a',
    'almanac',
    '/',
    'https://evil.example',
    '/a b',
    '/a"><script>',
    '/a%0d%0aX:1',
    '/a?x',
    '/a#x',
    '/a, /b',
    '/\\evil.example',
    `/${'a'.repeat(200)}`,
    '',
  ])
    assert.equal(await prefix(value), null, value);
  assert.equal(stub.hits.length, 20);
  const page = await ask(`${base}/`, { headers: { accept: 'text/html', 'x-forwarded-prefix': '//evil.example' } });
  assert.doesNotMatch(page.body, /evil/);
});

test('every page, command and document of the gateway has the prefix', async (t) => {
  const { base } = await started(t, '/almanac');
  for (const path of ['/', '/problems', '/problems/not-found']) {
    const { body } = await ask(`${base}/almanac${path}`, { headers: { accept: 'text/html' } });
    const links = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link as string).filter((link) => link !== 'data:,');
    assert.ok(links.length > 0 && links.every((link) => link.startsWith('/almanac/')), `${path}: ${links}`);
  }
  const help = await ask(`${base}/almanac/help`);
  assert.doesNotMatch(help.body.replaceAll(`${base}/almanac/`, ''), /https?:\/\/127/);
  assert.match(help.body, new RegExp(`curl ${base}/almanac/v1/jobs`));
  const document = JSON.parse((await ask(`${base}/almanac/openapi.json`)).body) as { servers: unknown };
  assert.deepEqual(document.servers, [{ url: '/almanac' }]);
  const docs = await ask(`${base}/almanac/docs`);
  assert.deepEqual([docs.status, docs.headers.location], [302, '/almanac/docs/']);
  const reader = await ask(`${base}/almanac/docs/`);
  for (const [, link] of reader.body.matchAll(/(?:href|src)="([^"]*)"/g)) {
    const url = new URL(link as string, `${base}/almanac/docs/`);
    assert.ok(url.pathname.startsWith('/almanac/docs/'), link);
    assert.equal((await ask(url.href)).status, 200, link);
  }
  assert.equal((await ask(`${base}/almanac/docs/json`)).headers.location, '/almanac/openapi.json');
  const { items } = JSON.parse((await ask(`${base}/almanac/problems`)).body) as { items: { type: string }[] };
  assert.ok(items.every(({ type }) => type.startsWith('/almanac/problems/')));
});

test('an invalid base path, or one that would hide a route, is a configuration error', async () => {
  const none = 'http://127.0.0.1:1';
  const build = (basePath: string) => buildApp({ services: { ingest: none, query: none, jobs: none }, basePath });
  for (const path of ['almanac', '/a//b', '/..', '//x', '/a b', '/a?b', 'https://host/x'])
    await assert.rejects(build(path), /PUBLIC_BASE_PATH='.*' is not a path: use a path such as \/almanac/, path);
  for (const path of ['/v1', '/data/x', '/jobs', '/docs']) await assert.rejects(build(path), /starts like the route/, path);
  for (const path of ['', '/', '/almanac/', '/a/b']) await (await build(path)).close();
});
