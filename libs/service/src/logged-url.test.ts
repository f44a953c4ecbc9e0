import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loggedUrl } from './logged-url.ts';

for (const [url, logged] of [
  ['/v1/jobs/1/progress?token=lease5000-a:secret', '/v1/jobs/1/progress?token=[redacted]'],
  ['/v1/jobs/1/results/png?a=1&token=secret&b=2', '/v1/jobs/1/results/png?a=1&token=[redacted]&b=2'],
  ['/x?token=a&token=b', '/x?token=[redacted]&token=[redacted]'],
  ['/x?%74oken=secret', '/x?%74oken=[redacted]'],
  ['/x?TOKEN=secret', '/x?TOKEN=[redacted]'],
  ['/x?access_token=secret', '/x?access_token=[redacted]'],
  ['/x?token=a=b?token=c', '/x?token=[redacted]'],
  ['/x?token%=secret', '/x?token%=[redacted]'],
  ['/v1/jobs?limit=1', '/v1/jobs?limit=1'],
  ['/v1/jobs', '/v1/jobs'],
] as const) {
  test(`${url} is logged as ${logged}`, () => assert.equal(loggedUrl(url), logged));
}
