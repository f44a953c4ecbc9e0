import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig } from '@almanac/service';
import { Env } from '../env.ts';
import { WriteTokens } from './write-tokens.ts';

test('each configured token is accepted, and no similar text', () => {
  const tokens = new WriteTokens('old-token , new.token==');
  assert.equal(tokens.size, 2);
  assert.equal(tokens.find('Bearer old-token'), 0);
  assert.equal(tokens.find('bearer  new.token== '), 1);
  for (const wrong of [undefined, '', 'Bearer', 'Bearer ', 'old-token', 'Basic old-token', 'Bearer old-toke', 'Bearer old-token2'])
    assert.equal(tokens.find(wrong), -1, wrong);
  for (const wrong of ['Bearer OLD-TOKEN', 'Bearer old-token,new.token==', 'Bearer old-token new.token==', 'Bearer old-token\u0000'])
    assert.equal(tokens.find(wrong), -1, wrong);
});

test('a token that no header can contain is a configuration error, and is not quoted', () => {
  for (const wrong of ['two words', 'pässword', 'secret,', ',secret', 'secret"'])
    assert.throws(
      () => readConfig(Env, { ALMANAC_WRITE_TOKEN: wrong }),
      (error: Error) =>
        error instanceof ConfigError && /ALMANAC_WRITE_TOKEN='\.\.\.'/.test(error.message) && !error.message.includes(wrong),
      wrong,
    );
  assert.equal(readConfig(Env, { ALMANAC_WRITE_TOKEN: '' }).ALMANAC_WRITE_TOKEN, undefined);
  assert.equal(readConfig(Env, { ALMANAC_WRITE_TOKEN: 'a1_~.+/-==, b2' }).ALMANAC_WRITE_TOKEN, 'a1_~.+/-==, b2');
});
