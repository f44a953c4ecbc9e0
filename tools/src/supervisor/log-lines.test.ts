import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf, renderLine, timeOf } from './log-lines.ts';

const line = (more: object) =>
  JSON.stringify({ level: 'info', time: '2026-11-24T01:02:03.004Z', pid: 1, host: 'h', service: 'query', msg: 'request', ...more });

test('a request is formatted as one line with its id', () => {
  const text = renderLine('query', line({ reqId: 'abc-1', method: 'GET', url: '/v1/datasets', status: 200, ms: 1.5 }));
  assert.equal(text, '01:02:03 info   query    request GET /v1/datasets 200 1.5 ms [abc-1]');
});

test('other members follow, errors with their stack below', () => {
  const text = renderLine('jobs', line({ level: 'error', msg: 'failed', rows: 3, err: { message: 'no', stack: 'Error: no\n    at x' } }));
  assert.match(text, /^01:02:03 error {2}jobs {5}failed rows=3\n\s+Error: no\n\s+at x$/);
});

test('text is shown unchanged, and Redis lines by their level marks', () => {
  assert.match(renderLine('query', 'Segmentation fault'), /query {4}Segmentation fault$/);
  assert.match(renderLine('query', '{"half": '), /\{"half": $/);
  const redis = '12:M 24 Nov 2026 03:35:00.123 # Error writing to the AOF file';
  assert.equal(levelOf(redis), 'warn');
  assert.match(timeOf(redis) ?? '', /^2026-11-2\dT\d\d:\d\d:00.123Z$/);
  assert.equal(levelOf('12:M 24 Nov 2026 03:35:00.123 # WARNING Memory overcommit must be enabled! Without it, a save may fail'), 'info');
  assert.match(renderLine('store', '12:M 24 Nov 2026 03:35:00.123 * Ready', 5), /info {3}store Ready$/);
});
