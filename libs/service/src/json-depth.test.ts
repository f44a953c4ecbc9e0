import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ProblemError, requestLimits } from '@almanac/domain';
import { createApp } from './app.ts';
import { jsonDepth } from './json-depth.ts';
import { jsonObjectIn } from './json-text.ts';

const most = requestLimits.jsonDepth.value;
const app = await createApp({ service: 'sample', version: '1', description: 'for tests' });
after(() => app.close());
app.post('/v1/things', async (request) => ({ received: typeof request.body }));
const post = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/v1/things', payload, headers: { 'content-type': type } });

for (const [text, expected] of [
  ['', 0],
  ['1', 0],
  ['{}', 1],
  ['[[],[[]]]', 3],
  ['{"a":{"b":[1]}}', 3],
  ['"[[[["', 0],
  ['{"a":"[[\\"[["}', 1],
  ['{"a\\\\":[1]}', 2],
  [']]]][', 0],
  ['{"[[[', 1],
] as const) {
  test(`${text} has ${expected} levels`, () => assert.equal(jsonDepth(text), expected));
}

const lists = (n: number) => '['.repeat(n) + ']'.repeat(n);
const objects = (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`;
for (const [what, body, depth] of [
  ['lists', lists(most + 1), most + 1],
  ['lists without an end', '['.repeat(200_000), 200_000],
  ['objects', objects(100_000), 100_000],
  ['both', '[{"a":'.repeat(60), 120],
  ['lists deep in an object', `{"inputs":{"dataset":${lists(5000)}}}`, 5002],
  ['lists after a string with brackets', `{"a":"]]]]]]","b":${lists(150)}}`, 151],
] as const) {
  test(`${what} beyond the limit are refused with the limit and the value`, async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8']) {
      const answer = await post(body, type);
      assert.equal(answer.statusCode, 400);
      const { type: problem, detail, limit, value } = answer.json();
      assert.deepEqual([problem, limit, value], ['/problems/invalid-body', most, depth]);
      assert.match(detail, new RegExp(`nested too deeply: ${depth.toLocaleString('en')} levels, the limit is ${most} levels`));
    }
    assert.throws(
      () => jsonObjectIn(Buffer.from(body), '{}'),
      (error) => error instanceof ProblemError && error.type === 'invalid-body' && error.extra.limit === most,
    );
  });
}

test('a body at the limit is accepted', async () => {
  for (const body of [lists(most), objects(most), `"${'['.repeat(5000)}"`])
    assert.equal((await post(body)).statusCode, 200, body.slice(0, 20));
});

test('Fastify’s checks still apply: prototypes, invalid JSON, an empty body', async () => {
  for (const body of ['{"__proto__":{"a":1}}', '{"a":{"constructor":{"prototype":1}}}', '{"\\u005f_proto__":1}', '{', '', 'undefined']) {
    const answer = await post(body);
    assert.equal(answer.statusCode, 400, body);
    assert.equal(answer.json().type, '/problems/invalid-body', body);
  }
  assert.equal((await post('{"a":1,"a":2}')).statusCode, 200);
});
