import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkHeader } from './link-header.ts';

const links = (href: string) => [
  { rel: 'self', href: `${href}?offset=0` },
  { rel: 'next', href: `${href}?offset=10` },
];

test('a Link header has all links', () => {
  assert.equal(linkHeader(links('/a')), '</a?offset=0>; rel="self", </a?offset=10>; rel="next"');
});

test('a long Link header has the next page only', () => {
  const path = `/${'a'.repeat(3000)}`;
  assert.equal(linkHeader(links(path)), `<${path}?offset=10>; rel="next"`);
});
