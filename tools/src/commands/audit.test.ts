import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ReliableQueue } from '@almanac/hotqueue';
import { startTestRedis } from '@almanac/testkit';
import { ParsedArgs } from '../system/options.ts';
import { auditCommand } from './audit.ts';

const store = await startTestRedis();
after(() => store.end());

/** The command's exit code and output. */
async function audit(repair = false): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(line);
  try {
    const code = await auditCommand.run(new ParsedArgs([], { 'redis-url': store.url, repair }));
    return { code, said: lines.join('\n') };
  } finally {
    console.log = log;
  }
}

test('a sound queue exits with 0, a damaged one with 1 until it is repaired; checking changes nothing', async () => {
  assert.match((await audit()).said, /This store has no queues/);
  const redis = store.connect(1);
  await new ReliableQueue(redis, 'plot').enqueue('job', '{}');
  const sound = await audit();
  assert.equal(sound.code, 0);
  assert.match(sound.said, /^queue +jobs +nowhere.*\nplot +1 +0/);
  await redis.zadd('{hotqueue:plot}:all', 1, 'nothing');
  for (let i = 0; i < 2; i++) assert.equal((await audit()).code, 1);
  assert.match((await audit(true)).said, /Repaired/);
  assert.equal((await audit()).code, 0);
});

test('an unreachable store is reported in one line', async () => {
  await assert.rejects(
    auditCommand.run(new ParsedArgs([], { 'redis-url': 'redis://:secret@127.0.0.1:1' })),
    /the store at redis:\/\/:\.\.\.@127\.0\.0\.1:1 is unreachable/,
  );
});
