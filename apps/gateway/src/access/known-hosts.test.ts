import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { KnownHosts } from './known-hosts.ts';

const hosts = new KnownHosts('almanac.example.org, bücher.example,tree.example:8443,,');

test('addresses, localhost, the machine and the configured names are known, with any port', () => {
  for (const host of [
    '127.0.0.1:5000',
    '192.168.1.7',
    '0.0.0.0:5000',
    '[::1]:5000',
    '[::ffff:127.0.0.1]',
    '[fe80::1%eth0]:5000',
    '[FE80::1%25eth0]',
    'localhost',
    'LocalHost:80',
    'localhost.',
    'localhost.:5000',
    'app.localhost:5000',
    'almanac.example.org',
    'ALMANAC.example.org.:99',
    'xn--bcher-kva.example',
    'tree.example',
    hostname(),
    `${hostname().toUpperCase()}:5000`,
  ])
    assert.ok(hosts.has(host), host);
});

test('similar names are not known', () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    'notlocalhost',
    'evil-localhost',
    '127.0.0.1.nip.io',
    '127.0.0.1.evil.example:5000',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '1.2.3.4.5',
    '::1',
    '[::1',
    '[::1]evil.example',
    '[evil.example]',
    'localhost:5000:1',
    'localhost:port',
    'localhost@evil.example',
    'evil.example/localhost',
    'localhost evil.example',
    'localhost,evil.example',
    'localhost..',
    'sub.almanac.example.org',
    'almanac.example.org.evil.example',
    'b\u00fccher.example.evil',
    '*',
    '',
  ])
    assert.equal(hosts.has(host), false, host);
});

test('* accepts any name; an invalid name is a configuration error', () => {
  assert.ok(new KnownHosts('*').has('evil.example'));
  for (const list of ['https://almanac.example.org', 'a b', 'almanac.example.org/x', 'x:port'])
    assert.throws(() => new KnownHosts(list), /PUBLIC_HOSTS='.*' is not a host name: use names such as/, list);
});
