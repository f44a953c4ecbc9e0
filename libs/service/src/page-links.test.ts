import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkHeader, pageLinks } from './page-links.ts';

const links = (offset: number, matched: number, status?: string) =>
  Object.fromEntries(
    pageLinks({ path: '/v1/jobs', parameters: [['status', status]], limit: 10, offset, matched }).map(({ rel, href }) => [rel, href]),
  );

test('a page names its neighbours, where it has any', () => {
  assert.deepEqual(links(0, 10), { self: '/v1/jobs?limit=10', first: '/v1/jobs?limit=10' });
  assert.deepEqual(links(10, 25, 'in progress'), {
    self: '/v1/jobs?status=in+progress&limit=10&offset=10',
    next: '/v1/jobs?status=in+progress&limit=10&offset=20',
    prev: '/v1/jobs?status=in+progress&limit=10',
    first: '/v1/jobs?status=in+progress&limit=10',
  });
  assert.equal(links(5, 6).prev, '/v1/jobs?limit=10');
});

test('the Link header says the same', () => {
  assert.equal(
    linkHeader([
      { rel: 'self', href: '/a' },
      { rel: 'next', href: '/b' },
    ]),
    '</a>; rel="self", </b>; rel="next"',
  );
});
