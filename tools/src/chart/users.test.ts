import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../system/places.ts';
import { chart } from './render.ts';

const acl = readFileSync(join(chart, 'files/users.acl'), 'utf8');
const rightsOf = (user: string): string[] => new RegExp(`^user ${user} on PASSWORD (.*)$`, 'm').exec(acl)?.[1]?.split(' ') ?? [];

/** The scripts by who runs them. */
const scripts = [
  ['queue/src/lua/*.lua', ['jobs', 'renderer']],
  ['store/src/lua/{swap,delete}.lua', ['ingest']],
  ['store/src/lua/results-*.lua', ['jobs']],
] as const;
const filesOf = (pattern: string): string[] => globSync(join(root, 'libs', pattern));

test('every script has a user who runs it', () => {
  assert.deepEqual(scripts.flatMap(([pattern]) => filesOf(pattern)).sort(), filesOf('*/src/**/*.lua').sort());
});

/** Every command that scripts call. */
function commandsOf(pattern: string): string[] {
  const text = filesOf(pattern)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return [...new Set([...text.matchAll(/'([A-Z]{3,})'(?=[,)]| or '[A-Z])/g)].map(([, name]) => (name as string).toLowerCase()))];
}

for (const [pattern, users] of scripts) {
  test(`users that run libs/${pattern} have the permissions for all its commands`, () => {
    const commands = commandsOf(pattern).filter((name) => !['OK', 'fenced', 'stale', 'cancel'].includes(name));
    assert.ok(commands.length >= 10, commands.join());
    for (const user of users) {
      const rights = rightsOf(user);
      const missing = commands.filter((name) => !rights.includes(`+${name}`) && isCommand(name));
      assert.deepEqual(missing, [], user);
    }
  });
}

/** Capitalized words in scripts that are replies or arguments, not commands. */
const words = ['absent', 'conflict', 'staging_lost', 'fenced', 'stale', 'cancel', 'count', 'limit', 'withscores', 'right', 'left'];
const isCommand = (name: string) => !words.includes(name);

test('only admin may do everything, and each user starts without permissions', () => {
  for (const [, user, rights = ''] of acl.matchAll(/^user (\S+) on PASSWORD (.*)$/gm)) {
    if (user === 'admin') continue;
    assert.match(rights, / -@all \+@connection -@dangerous /, user);
    assert.match(rights, /^resetkeys .*resetchannels /, user);
    assert.doesNotMatch(rights, /\+@(?!connection)|~\* |&\* |allkeys|allchannels|allcommands/, user);
  }
  assert.match(acl, /^user default off ~\* &\* \+@all$/m);
});
