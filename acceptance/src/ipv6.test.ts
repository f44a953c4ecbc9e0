// Every service listens on IPv4 and IPv6, as in a cluster with IPv6 only or with both.
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before } from 'node:test';
import { Client } from './client.ts';
import { ownTest, Stack, services } from './stack.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
const skip = hasIpv6 ? false : 'this machine has no IPv6';
const stack = new Stack({ HOST: '::', RATE_LIMIT_PER_MINUTE: '6000' });
if (hasIpv6) {
  before(() => stack.start());
  after(() => stack.end());
}

ownTest('each service is reached over IPv6 and IPv4', { skip }, async () => {
  for (const name of services) {
    const { port } = new URL(stack.urlOf(name));
    for (const host of ['[::1]', '127.0.0.1', 'localhost']) {
      const response = await fetch(`http://${host}:${port}/livez`);
      assert.equal(response.status, 200, `${name} at ${host}`);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    }
  }
});

ownTest('from a load to a picture over IPv6, without a write token', { skip }, async () => {
  const base = `http://[::1]:${new URL(stack.url).port}`;
  const client = new Client(base);
  const put = await client.ask('PUT', '/v1/datasets/six', {
    body: 'a,b\n1,2\n3,4\n',
    headers: { 'content-type': 'text/csv', origin: base },
  });
  assert.equal(put.status, 201, put.text);
  const { json } = await client.submit({ dataset: 'six', type: 'scatter', x: 'a', y: 'b' });
  assert.equal((await client.finished(json.id)).status, 'complete');
  assert.match((await client.get('/help')).text, /curl http:\/\/\[::1\]:\d+\/help/);
  assert.equal((await client.get('/metrics')).status, 200, 'loopback may read the numbers');
});
