import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { NetworkProxy } from '../proof/chaos/proxy.ts';
import { ChannelListener } from './channel-listener.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);

/** Who listens through a network, and what they have heard. */
async function setUp(t: TestContext, channel: string) {
  const proxy = await NetworkProxy.start(store.port);
  const like = new Redis(proxy.port, '127.0.0.1', { db: 1, protocol: 2, lazyConnect: true, commandTimeout: 100, retryStrategy: () => 20 });
  const heard: string[] = [];
  const hints = new ChannelListener(like, channel, (word) => heard.push(word), 50);
  t.after(() => {
    hints.close();
    like.disconnect();
    return proxy.end();
  });
  return { proxy, heard };
}

/** Says a word until somebody has heard it. */
async function sayUntilHeard(channel: string, word: string, heard: readonly string[]): Promise<void> {
  for (; !heard.includes(word); await sleep(20)) await redis.publish(channel, word);
}

test('words are heard, also by who was cut off', async (t) => {
  const { proxy, heard } = await setUp(t, 'cut');
  await sayUntilHeard('cut', 'before', heard);
  for (const conduit of proxy.conduits) conduit.reset();
  await sayUntilHeard('cut', 'after', heard);
});

test('a connection that died in silence is found out', async (t) => {
  const { proxy, heard } = await setUp(t, 'silence');
  await sayUntilHeard('silence', 'before', heard);
  for (const conduit of proxy.conduits) conduit.halfOpen();
  await sayUntilHeard('silence', 'after', heard);
});

test('a request to listen that is never answered, after a cut, ends neither the process nor the hearing', async (t) => {
  const { proxy, heard } = await setUp(t, 'mute');
  await sayUntilHeard('mute', 'before', heard);
  let left = 1;
  proxy.watch(([command]) => (command === 'subscribe' && left-- > 0 ? 'mute' : 'pass'));
  for (const conduit of proxy.conduits) conduit.reset();
  await sayUntilHeard('mute', 'after', heard);
  assert.ok(left <= 0);
});
