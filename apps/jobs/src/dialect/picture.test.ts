import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '@almanac/domain';
import { pictureOf } from './picture.ts';

const id = '8e03978e-40d5-43e8-bc93-6894a57f9324';
const png = { href: '', type: 'image/png', bytes: 3 };
const job = (rest: Partial<Job>) => ({ id, status: 'complete', message: null, results: { png }, ...rest }) as Job;
const place = { jobId: id, token: 'w:1' };
const store = (bytes: Buffer | undefined) => ({ read: async () => bytes });

test('a complete job has its picture', async () => {
  assert.equal((await pictureOf({ job: job({}), place }, store(Buffer.from('png')))).toString(), 'png');
});

for (const [what, rest, at, status, message] of [
  ['whose results have no place', {}, undefined, 410, /is no longer kept. Submit it again/],
  ['whose picture was removed', {}, place, 410, /is no longer kept/],
  ['that was asked for another form', { results: { svg: png } }, place, 404, /no result 'png'; it made svg/],
  ['that was cancelled', { status: 'cancelled', results: {} }, undefined, 410, /was cancelled/],
  ['that failed', { status: 'failed', message: 'the pen broke', results: {} }, place, 422, /^the pen broke$/],
] as const) {
  test(`a job ${what} says so`, () => assert.rejects(pictureOf({ job: job(rest), place: at }, store(undefined)), { status, message }));
}
