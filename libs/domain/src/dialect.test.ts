import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoursePath } from './dialect.ts';

test('what is not the API proper or a page of the process is the course dialect', () => {
  for (const path of ['/', '/data', '/epochs/2024-052T12:00:00.000Z', '/v1x', '/helper', '/jobs?dataset=v1', '/v2/datasets'])
    assert.equal(isCoursePath(path), true, path);
  for (const path of [
    '/v1',
    '/v1/datasets',
    '/v1?x',
    '/help',
    '/help?q=data',
    '/docs/',
    '/docs/index.css',
    '/openapi.json',
    '/problems/gone',
  ])
    assert.equal(isCoursePath(path), false, path);
});
