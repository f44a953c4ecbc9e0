import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preferredType } from './accept.ts';

const offered = ['application/json', 'image/png', 'image/svg+xml'] as const;

for (const [accept, expected] of [
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['image/*', 'image/png'],
  ['IMAGE/SVG+XML', 'image/svg+xml'],
  ['image/png;q=0.5, image/svg+xml;q=0.9', 'image/svg+xml'],
  ['*/*, application/json;q=0', 'image/png'],
  ['text/html', undefined],
  ['application/json;q=0', undefined],
  ['application/json; charset=utf-8', 'application/json'],
  ['image/svg+xml, image/png', 'image/svg+xml'],
  ['*/*, image/png', 'image/png'],
  ['nonsense', undefined],
] as const) {
  test(`Accept: ${accept} prefers ${expected}`, () => assert.equal(preferredType(accept, offered), expected));
}
