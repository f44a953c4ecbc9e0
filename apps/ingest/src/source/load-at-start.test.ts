import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { courseSettings } from '@almanac/profiles';
import { buildApp } from '../app.ts';
import { startIngest, type TestIngest } from '../testing.ts';

/** A source that answers when the test says so. */
const asked: ServerResponse[] = [];
const source = createServer((_, response) => void asked.push(response));
await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
after(() => source.close().closeAllConnections());

const course = { COURSE_EDITION: 'seed', ALMANAC_PROFILE: 'degrees' } as const;
const sources = new Map([['degrees', `http://127.0.0.1:${(source.address() as AddressInfo).port}/degrees.json`]]);
const start = () => startIngest({}, [], { course, sources });
/** The service stops and starts again, before the same store. */
async function startAgain(ingest: TestIngest) {
  const app = await buildApp({ redis: ingest.redis, course: courseSettings(course), sources });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 250 && !condition(); i++) await sleep(20);
  assert.ok(condition(), 'it did not come to pass within 5 s');
}

const FROM_SOURCE = { id: 0, year: 1990, degrees: 5818 };
const FROM_USER = { id: 0, year: 2020, degrees: 1 };
const json = { 'content-type': 'application/json' };

test('what a user loads while the source is still coming stays', async () => {
  const ingest = await start();
  try {
    const before = asked.length;
    await until(() => asked.length === before + 1);
    assert.equal((await ingest.send('/v1/datasets/degrees', JSON.stringify([FROM_USER]), json)).status, 201);
    asked.at(-1)?.end(JSON.stringify([FROM_SOURCE]));
    await until(() => ingest.log.some(({ msg }) => msg === 'load failed'));
    assert.deepEqual(await ingest.records('degrees'), [FROM_USER]);
    await sleep(100);
    assert.deepEqual(
      ingest.log.filter(({ level }) => level === 'warn' || level === 'error'),
      [],
    );
  } finally {
    await ingest.close();
  }
});

test('what a user deleted is not loaded at the next start, and POST /data loads it again', async () => {
  const ingest = await start();
  try {
    const before = asked.length;
    await until(() => asked.length === before + 1);
    asked.at(-1)?.end(JSON.stringify([FROM_SOURCE]));
    await until(() => ingest.log.some(({ msg }) => msg === 'data set loaded'));
    assert.equal((await fetch(`${ingest.url}/data`, { method: 'DELETE' })).status, 200);
    const again = await startAgain(ingest);
    await sleep(300);
    await again.close();
    assert.equal(asked.length, before + 1, 'the source is not asked again');
    await assert.rejects(ingest.records('degrees'), { type: 'unknown-dataset' });
    const posted = fetch(`${ingest.url}/data`, { method: 'POST' });
    await until(() => asked.length === before + 2);
    asked.at(-1)?.end(JSON.stringify([FROM_SOURCE]));
    assert.equal((await posted).status, 200);
    assert.deepEqual(await ingest.records('degrees'), [FROM_SOURCE]);
  } finally {
    await ingest.close();
  }
});

for (const [what, answer] of [
  ['has not answered', () => {}],
  ['has stopped in the middle', (response: ServerResponse) => void response.write('[{"id":0,')],
] as const) {
  test(`the service stops at once while the source ${what}`, async () => {
    const ingest = await start();
    const before = asked.length;
    await until(() => asked.length === before + 1);
    answer(asked.at(-1) as ServerResponse);
    await sleep(100);
    const started = performance.now();
    await ingest.close();
    const ms = performance.now() - started;
    assert.ok(ms < 2000, `${Math.round(ms)} ms`);
  });
}
