import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { createApp } from './app.ts';
import { prefixOf, withPrefix } from './prefix.ts';

const prefix = '/almanac';

test('a prefix is a path of plain segments; anything else is ignored', () => {
  for (const [given, read] of [
    ['/almanac', '/almanac'],
    ['/a/b.c/~d_e-f/', '/a/b.c/~d_e-f'],
    ['/...', '/...'],
  ] as const)
    assert.equal(prefixOf(given), read);
  for (const given of [
    '',
    '/',
    '//',
    '//x',
    '/x//',
    '/.',
    '/..',
    '/x/..',
    'x',
    '/x y',
    '/x%2f',
    '/ü',
    '/x:y',
    '/x\\y',
    '/x,/y',
    undefined,
    ['/x'],
  ])
    assert.equal(prefixOf(given), '', String(given));
});

test('Almanac’s paths get the prefix, a caller’s values do not', () => {
  const inputs = { href: '/v1/x', links: [{ href: '/v1/x' }], type: '/problems/x' };
  const job = {
    id: '1',
    inputs,
    asked: inputs,
    results: { png: { href: '/v1/jobs/1/results/png', type: 'image/png', bytes: 1 } },
    problem: { type: '/problems/job-failed' },
    links: [{ rel: 'self', href: '/v1/jobs/1' }],
  };
  const shown = {
    ...job,
    results: { png: { href: '/almanac/v1/jobs/1/results/png', type: 'image/png', bytes: 1 } },
    problem: { type: '/almanac/problems/job-failed' },
    links: [{ rel: 'self', href: '/almanac/v1/jobs/1' }],
  };
  assert.deepEqual(withPrefix({ items: [job, null, 'x'], links: [] }, prefix), { items: [shown, null, 'x'], links: [] });
  assert.deepEqual(withPrefix({ data: { href: '/v1/d', csv: '/v1/d?f=csv' } }, prefix), {
    data: { href: '/almanac/v1/d', csv: '/almanac/v1/d?f=csv' },
  });
  for (const body of [null, undefined, 'x', 1, [job], { type: 'image/png' }, { links: [{ href: 'https://elsewhere.example/x' }] }])
    assert.deepEqual(withPrefix(body, prefix), body);
  assert.equal(withPrefix(job, ''), job, 'without a prefix nothing is copied');
});

const app = await createApp({ service: 'sample', version: '1', description: 'for tests' });
app.get('/v1/list', async (_, reply) =>
  reply
    .headers({ link: '</v1/list?limit=1&a=<>>; rel="self", </v1/list?offset=1>; rel="next"', location: '/v1/list' })
    .send({ items: [{ links: [{ rel: 'self', href: '/v1/one' }] }], links: [{ rel: 'self', href: '/v1/list' }] }),
);
app.get('/v1/away', async (_, reply) => reply.redirect('https://elsewhere.example/v1'));
app.get('/v1/protocol', async (_, reply) => reply.header('location', '//elsewhere.example').send({}));
app.get('/v1/gone', async (_, reply) => {
  reply.headers({
    etag: '"x"',
    'cache-control': 'public, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
    link: '</x>',
    vary: 'accept',
  });
  throw new ProblemError('gone', 'It was here.', { headers: { 'retry-after': '1' } });
});

test('Link, Location, bodies and problem types of every route have the prefix; other URLs do not', async () => {
  const get = (url: string, value = prefix) => app.inject({ url, headers: { 'x-forwarded-prefix': value } });
  const list = await get('/v1/list');
  assert.equal(list.headers.location, '/almanac/v1/list');
  assert.match(
    list.headers.link as string,
    /^<\/almanac\/v1\/list\?limit=1&a=<>>; rel="self", <\/almanac\/v1\/list\?offset=1>; rel="next"$/,
  );
  assert.deepEqual(list.json().items[0].links[0].href, '/almanac/v1/one');
  assert.equal((await get('/v1/away')).headers.location, 'https://elsewhere.example/v1');
  assert.equal((await get('/v1/protocol')).headers.location, '//elsewhere.example');
  assert.equal((await get('/v1/gone')).json().type, '/almanac/problems/gone');
  for (const value of ['', '//evil.example', '/a b']) {
    assert.equal((await get('/v1/list', value)).headers.location, '/v1/list');
    assert.equal((await get('/v1/gone', value)).json().type, '/problems/gone');
  }
});

test('an error has no headers of the failed response, and is not cached', async () => {
  const { headers } = await app.inject({ url: '/v1/gone' });
  assert.equal(headers['cache-control'], 'no-store');
  for (const name of ['etag', 'accept-ranges', 'link']) assert.equal(headers[name], undefined, name);
  assert.deepEqual([headers.vary, headers['retry-after']], ['accept', '1']);
});

test('every response has nosniff', async () => {
  for (const url of ['/v1/list', '/v1/gone', '/v1/nothing', '/v1/%zz', '/livez', '/readyz', '/metrics', '/openapi.json'])
    assert.equal((await app.inject({ url })).headers['x-content-type-options'], 'nosniff', url);
});
