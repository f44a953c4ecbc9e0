import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { courseVariables } from './course.ts';

test('the services get the application, and the path of config.yaml if the profile reads one', async () => {
  delete process.env.CONFIG_FILE;
  const of = (profile: string) => courseVariables({ profile, source: undefined, edition: undefined });
  assert.deepEqual(await of('degrees'), { ALMANAC_PROFILE: 'degrees', CONFIG_FILE: resolve('config.yaml') });
  assert.deepEqual(await of('iss'), { ALMANAC_PROFILE: 'iss' });
  assert.deepEqual(await courseVariables({ profile: 'iss', source: 'https://x.test/a.xml', edition: '2024' }), {
    ALMANAC_PROFILE: 'iss',
    ALMANAC_SOURCES: 'iss=https://x.test/a.xml',
    COURSE_EDITION: '2024',
  });
  await assert.rejects(of('is'), /--profile is: must be one of iss, .* did you mean iss\?/);
});
