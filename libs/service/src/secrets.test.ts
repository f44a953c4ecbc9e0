import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestLimits } from '@almanac/domain';
import { loggedUrl } from './logged-url.ts';
import { createLogger } from './logger.ts';
import { redacted, secretsIn } from './secrets.ts';

const SECRET = 'h"unt\\er2/ß';
/** The output of a logger with this environment. */
function written(
  env: NodeJS.ProcessEnv,
  log: (logger: ReturnType<typeof createLogger>) => void,
  format: 'json' | 'text' = 'json',
): string[] {
  const lines: string[] = [];
  log(createLogger('test', 'trace', { format, env, destination: { write: (line) => void lines.push(line) } }));
  if (format === 'json') for (const line of lines) JSON.parse(line);
  return lines;
}

for (const env of [
  { ALMANAC_WRITE_TOKEN: SECRET },
  { REDIS_URL: `redis://user:${SECRET}@host:6379` },
  { REDIS_URL: `redis://user:${encodeURIComponent(SECRET)}@host:6379` },
  { REDIS_QUEUE_URL: `redis://:${SECRET}` },
  { REDIS_IP: `user:${SECRET}@host` },
  { REDIS_PASSWORD: SECRET },
  { SOME_SECRET: SECRET },
] as NodeJS.ProcessEnv[]) {
  test(`the secret of ${Object.keys(env)[0]} is redacted, wherever it is logged`, () => {
    for (const format of ['json', 'text'] as const) {
      const lines = written(
        env,
        (logger) => {
          logger.info(`text ${SECRET} text`);
          logger.info({ a: { b: [SECRET] }, [SECRET]: 1 }, 'member');
          logger.error({ err: new Error(`failed: ${SECRET}`, { cause: new Error(SECRET) }) });
          logger.warn({ err: SECRET });
          logger.child({ token: SECRET }).info('child');
          logger.info({ url: `/x?y=${encodeURIComponent(SECRET)}` });
        },
        format,
      );
      assert.ok(lines.length === 6);
      for (const line of lines) for (const form of ['h"unt', 'unt\\', 'er2/', 'h%22unt']) assert.ok(!line.includes(form), line);
    }
  });
}

test('hosts, ports and short words are not secrets', () => {
  const env = {
    REDIS_URL: 'redis://store:6379',
    ALMANAC_QUERY_URL: 'http://query:5002',
    REDIS_DATA_URL: 'redis://[::1]:6379/3',
    A_TOKEN: 'info',
  };
  assert.deepEqual(
    secretsIn({ ...env, REDIS_QUEUE_URL: 'unix:/run/almanac/store.sock', ALMANAC_SOURCES: 'iss=https://host/a:long-path' }),
    [],
  );
});

for (const text of [
  'redis://u:XyZZy@host',
  'redis://u:pa/XyZZy@host:6379',
  'redis://XyZZy@host',
  'https://a@b:XyZZy@host/path',
  '/v1/jobs/1/finish?token=XyZZy&a=1',
  '/v1/jobs/1/finish?a=1&worker-token=XyZZy',
  '/x?access_token=XyZZy#f',
  'Authorization: Bearer XyZZy',
  'authorization: XyZZy',
  'Worker-Token: XyZZy',
  'x-worker-token: XyZZy',
  '{"token":"XyZZy"}',
  '{"headers":{"authorization":"Basic XyZZy="}}',
  '{"Worker-Token": "XyZZy"}',
]) {
  test(`a line with ${text} has no secrets`, () => {
    const lines = written({}, (logger) => {
      logger.info(text);
      logger.info({ deep: { text } }, 'm');
      logger.error({ err: new Error(text) }, 'm');
    });
    for (const line of lines) assert.ok(!line.includes('XyZZy'), line);
    assert.ok(!redacted(text, []).includes('XyZZy'));
  });
}

test('members with secret names are redacted at any depth; others are kept', () => {
  const [line = ''] = written({}, (logger) =>
    logger.info({ headers: { Authorization: 'XyZZy', cookie: 'XyZZy' }, token: 'XyZZy', kept: 'as is, a@b' }, 'm'),
  );
  assert.doesNotMatch(line, /XyZZy/);
  assert.match(line, /"kept":"as is, a@b"/);
});

test('an error of Redis does not show the arguments of its command', () => {
  const error = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['user', 'XyZZy'] } });
  const [line = ''] = written({}, (logger) => logger.error({ err: error }));
  assert.doesNotMatch(line, /XyZZy/);
  assert.equal((JSON.parse(line) as { err: { command: string } }).err.command, 'auth');
});

test('a URL is logged without tokens, even with encoded names, and shortened', () => {
  assert.equal(loggedUrl('/a?x=1&y=2%20'), '/a?x=1&y=2%20');
  for (const name of ['token', 'TOKEN', '%74oken', 'tok%65n', 'write_token', 'x%zz%74oken', 'password'])
    assert.equal(loggedUrl(`/a?x=1&${name}=XyZZy&z`), `/a?x=1&${name}=[redacted]&z`);
  assert.equal(loggedUrl(`/a?${'x'.repeat(9000)}`).length, requestLimits.logUrlCharacters.value);
});

test('a line is never longer than the limit, and stays JSON', () => {
  const most = requestLimits.logLineCharacters.value;
  const long = '\u{1F600}"\\'.repeat(500_000);
  const lines = written({}, (logger) => {
    logger.info(long);
    logger.info({ url: long, deep: { deep: [long, long] } }, 'm');
    logger.error({ err: new Error(long) }, 'm');
    logger.info(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'x'.repeat(50)])), 'many');
    logger.info({ [long]: 1 }, 'm');
    logger.info({ list: Array.from({ length: 100_000 }, () => long.slice(0, 100)) }, 'm');
  });
  assert.equal(lines.length, 6);
  for (const line of lines) {
    assert.ok(line.length <= most, String(line.length));
    assert.equal((JSON.parse(line) as { service: string }).service, 'test');
  }
});

test('the time to redact a line is linear in its length', () => {
  const processorMs = (text: string) => {
    const before = process.cpuUsage();
    redacted(text, ['abcdefgh']);
    const { user } = process.cpuUsage(before);
    return user / 1000;
  };
  for (const piece of ['a://', '@://', 'token=', 'token":"', 'bearer ', 'a-', '\\"token\\":', 'authorization:', 'x-token']) {
    const text = piece.repeat(Math.ceil(2_000_000 / piece.length));
    assert.ok(processorMs(text) < 2000, `${piece}: ${processorMs(text)} ms`);
  }
});
