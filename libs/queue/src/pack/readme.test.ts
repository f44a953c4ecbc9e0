import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queueKeys } from '../index.ts';
import { examples, readme } from './readme.ts';

test('every program in the README is followed by what it prints', () => {
  assert.equal(examples.length, readme.match(/^```[jt]s$/gm)?.length);
});

test('the README lists every key', () => {
  const keys = queueKeys('<name>');
  const { list, tag, ...others } = keys;
  assert.ok(readme.includes(`| \`${list}\` |`));
  for (const [name, key] of Object.entries(others)) {
    const shown = (typeof key === 'string' ? key : key('*')).slice(tag.length + 1);
    const form = shown.replaceAll('*', '<(?:id|worker|hash)>');
    assert.match(readme, new RegExp(`^\\| .*\`${form}\``, 'm'), name);
  }
});
