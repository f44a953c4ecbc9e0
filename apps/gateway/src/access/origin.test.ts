import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownHosts } from './known-hosts.ts';
import { isCrossOrigin, WritingOrigins } from './origin.ts';

const known = new KnownHosts('almanac.example.org,tree.example:8443');
const isForeign = (headers: Record<string, string>, ...hosts: string[]) => isCrossOrigin(headers, hosts, known);

test('an origin is the same only if its name, port and form agree', () => {
  for (const [origin, host] of [
    ['http://127.0.0.1:5000', '127.0.0.1:5000'],
    ['HTTP://LOCALHOST:5000', 'localhost:5000'],
    ['http://localhost:5000', 'LOCALHOST:5000'],
    ['http://localhost.:5000', 'localhost.:5000'],
    ['http://[::1]:5000', '[::1]:5000'],
    ['https://tree.example', 'tree.example'],
    ['https://tree.example', 'tree.example:443'],
    ['http://tree.example', 'tree.example:80'],
    ['https://tree.example:8443', '127.0.0.1:5000'],
    ['https://almanac.example.org', '127.0.0.1:5000'],
  ] as const)
    assert.equal(isForeign({ origin }, host), false, `${origin} at ${host}`);
  for (const origin of [
    'null',
    '',
    'https://evil.example',
    'http://localhost',
    'http://localhost:3000',
    'http://localhost:50000',
    'http://127.0.0.1:5000',
    'http://localhost.:5000',
    'http://localhost:5000.evil.example',
    'http://localhost:5000@evil.example',
    'http://evil.example@localhost:5000',
    'http://localhost:5000/',
    'http://localhost:5000/path',
    'http://localhost:5000?x',
    'http://localhost:5000#x',
    'http://localhost:5000\\@evil.example',
    'http://localhost:5000, http://evil.example',
    '//localhost:5000',
    'localhost:5000',
    'file://',
    'chrome-extension://abcdefgh',
    'https://almanac.example.org:444',
    'https://tree.example',
    'https://sub.almanac.example.org',
  ])
    assert.equal(isForeign({ origin }, 'localhost:5000'), true, origin);
});

test('Sec-Fetch-Site or Origin alone is enough to reject', () => {
  const origin = 'http://localhost:5000';
  for (const site of ['same-origin', 'none']) assert.equal(isForeign({ 'sec-fetch-site': site, origin }, 'localhost:5000'), false, site);
  for (const site of ['cross-site', 'same-site', 'same-origin, cross-site', 'new-word', '']) {
    assert.equal(isForeign({ 'sec-fetch-site': site, origin }, 'localhost:5000'), true, site);
    assert.equal(isForeign({ 'sec-fetch-site': site }, 'localhost:5000'), true, site);
  }
  assert.equal(isForeign({ 'sec-fetch-site': 'same-origin', origin: 'http://evil.example' }, 'localhost:5000'), true);
  assert.equal(isForeign({}, 'localhost:5000'), false, 'no browser');
});

test('behind a proxy, the forwarded host is the same origin too', () => {
  const origin = 'https://public.example';
  assert.equal(isForeign({ origin }, 'gateway:5000', 'public.example'), false);
  assert.equal(isForeign({ origin: 'https://other.example' }, 'gateway:5000', 'public.example'), true);
});

test('origins that may write are compared in the form of browsers', () => {
  const origins = new WritingOrigins('https://Pages.Example, http://localhost:3000/,');
  for (const origin of ['https://pages.example', 'HTTPS://pages.example', 'http://localhost:3000']) assert.ok(origins.has(origin), origin);
  for (const origin of ['http://pages.example', 'https://pages.example:444', 'http://localhost', 'null', '*', 'https://pages.example.evil'])
    assert.equal(origins.has(origin), false, origin);
  for (const list of ['*', 'pages.example', 'null', 'https://pages.example/x'])
    assert.throws(() => new WritingOrigins(list), /CORS_ORIGINS='.*' is not an origin/, list);
});
