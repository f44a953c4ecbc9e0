import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { freePort, startTestRedis, TestAuthority, tlsServerOptions } from '@almanac/testkit';
import { parseAddress, ping } from './ping.ts';
import { tlsVariables } from './tls-options.ts';

const authority = new TestAuthority();
const port = await freePort();
const store = await startTestRedis(tlsServerOptions(port, authority, authority.issue('store', ['IP:127.0.0.1'])));
after(async () => {
  for (const name of tlsVariables) delete process.env[name];
  await store.end();
  authority.end();
});

test('a store that requires a client certificate is reached with the same files as the services use', async () => {
  const address = parseAddress(`rediss://127.0.0.1:${port}`);
  assert.ok(address !== undefined);
  assert.notEqual(await ping(address), 'PONG');
  const { cert, key } = authority.issue('client');
  Object.assign(process.env, { REDIS_TLS_CA: authority.ca, REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key });
  assert.equal(await ping(address), 'PONG');
  process.env.REDIS_TLS_KEY = '/nonexistent/key.pem';
  await assert.rejects(ping(address), /REDIS_TLS_KEY=\/nonexistent\/key.pem cannot be read: ENOENT/);
});
