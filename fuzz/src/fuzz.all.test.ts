// One minute of hostile requests against a separate instance, beside clients that check every response.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'takes about three minutes; set ALMANAC_TEST_ALL=1 to run it';

test('one minute of hostile requests breaks no rule', { skip, timeout: 290_000 }, () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(join(import.meta.dirname, '../../almanac'), ['fuzz', '--minutes', '1', '--shared-machine'], {
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
