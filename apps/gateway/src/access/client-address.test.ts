import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { networkOf } from '@almanac/service';
import { clientAddress } from './client-address.ts';

const from = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

test('X-Forwarded-For is used only as far as proxies are trusted', () => {
  const forged = from('10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2');
  assert.deepEqual(
    [0, 1, 2, 3].map((hops) => clientAddress(forged, hops)),
    ['10.0.0.1', '10.0.0.2', '203.0.113.9', '6.6.6.6'],
  );
  assert.equal(clientAddress(from('10.0.0.1', '203.0.113.9'), 2), '203.0.113.9', 'fewer hops than trusted: the outermost there is');
  assert.equal(clientAddress(from('10.0.0.1'), 1), '10.0.0.1');
  for (const odd of ['', ',', 'unknown', '_hidden', '1.2.3', 'a'.repeat(9000), '<b>'])
    assert.equal(clientAddress(from('10.0.0.1', odd), 1), '10.0.0.1', odd);
});

test('an address is recognized in every notation', () => {
  for (const mapped of ['::ffff:10.0.0.1', '::FFFF:10.0.0.1', '::ffff:a00:1', '0:0:0:0:0:ffff:0a00:0001'])
    assert.equal(clientAddress(from(mapped), 0), '10.0.0.1', mapped);
  for (const six of ['::1', '2001:db8:ffff::1', 'fe80::ffff:1%eth0']) assert.equal(clientAddress(from(six), 0), six);
  assert.equal(clientAddress(from(undefined), 0), 'unix');
  const behind = (hop: string) => clientAddress(from('10.0.0.1', hop), 1);
  assert.equal(behind('203.0.113.9:4711'), '203.0.113.9');
  assert.equal(behind('[2001:db8::1]:443'), '2001:db8::1');
  assert.equal(behind('[2001:db8::1]'), '2001:db8::1');
  assert.equal(behind('2001:db8::1'), '2001:db8::1');
  assert.equal(behind('::ffff:203.0.113.9'), '203.0.113.9');
});

test('an IPv6 client is its first 64 bits', () => {
  assert.equal(networkOf('203.0.113.9'), '203.0.113.9');
  assert.equal(networkOf('unix'), 'unix');
  const one = networkOf('2001:db8:0:7::1');
  assert.equal(one, '2001:db8:0:7::/64');
  for (const same of ['2001:db8:0:7:1:2:3:4', '2001:0DB8:0:0007::ffff', '2001:db8:0:7:ffff::', '2001:db8::7:0:0:0:9'])
    assert.equal(networkOf(same), one, same);
  assert.notEqual(networkOf('2001:db8:0:8::1'), one);
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
});
