import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Networks, PRIVATE_NETWORKS } from './networks.ts';

test('the private networks contain scrapers of the same network, but no internet address', () => {
  const networks = new Networks('METRICS_FROM', PRIVATE_NETWORKS);
  for (const address of [
    '127.0.0.1',
    '::1',
    '10.244.1.7',
    '172.31.0.1',
    '192.168.0.9',
    '100.64.0.1',
    'fd00::1',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
  ])
    assert.ok(networks.has(address), address);
  for (const address of ['8.8.8.8', '172.32.0.1', '2001:db8::1', '::ffff:8.8.8.8', '::ffff:808:808', '11.0.0.1', 'unix', ''])
    assert.equal(networks.has(address), false, address);
});

test('networks are in CIDR notation; none is the empty set; anything else is a configuration error', () => {
  const networks = new Networks('METRICS_FROM', '203.0.113.0/24, 2001:db8::/32,198.51.100.7');
  for (const address of ['203.0.113.9', '2001:db8:1::1', '198.51.100.7']) assert.ok(networks.has(address), address);
  for (const address of ['203.0.114.1', '198.51.100.8', '127.0.0.1']) assert.equal(networks.has(address), false, address);
  assert.equal(new Networks('METRICS_FROM', 'none').has('127.0.0.1'), false);
  for (const text of ['10.0.0.0/33', 'x', '10.0.0/8', 'fc00::/129', '10.0.0.0/', '10.0.0.0/-1'])
    assert.throws(() => new Networks('METRICS_FROM', text), /METRICS_FROM='.*' is not a network/, text);
});
