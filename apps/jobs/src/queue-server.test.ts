import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ServerWatch } from '@almanac/job-queue';
import { startTestRedis } from '@almanac/testkit';
import { startJobs } from './testing.ts';

test('a store that may lose jobs is seen at /readyz and in the metrics, and jobs are taken all the same', async () => {
  const lossy = await startTestRedis(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']);
  after(() => lossy.end());
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const service = await startJobs(undefined, { server: new ServerWatch(lossy.connect(1), quiet) });
  after(() => service.end());
  const ready = await service.ask<{ status: string; checks: Record<string, object> }>('GET', '/readyz');
  assert.equal(ready.status, 200);
  assert.equal(ready.json.status, 'pass');
  assert.deepEqual(ready.json.checks.queueServer, {
    status: 'warn',
    output: 'eviction: maxmemory-policy allkeys-lru: must be noeviction, other policies delete records',
  });
  const metrics = (await service.ask('GET', '/metrics')).bytes.toString();
  assert.match(metrics, /^queue_server_fine\{setting="eviction",service="jobs"\} 0$/m);
  assert.match(metrics, /^queue_server_fine\{setting="persistence",service="jobs"\} 1$/m);
});
