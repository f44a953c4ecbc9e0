import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { details, find, overview } from './help.ts';
import { commands } from './registry.ts';

test('every file here is a command, and every command has a file and a line in help', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => !name.endsWith('.test.ts') && name !== 'registry.ts')
    .map((name) => basename(name, '.ts'));
  assert.deepEqual(commands.map(({ name }) => name).sort(), files.sort());
  for (const { name, summary } of commands)
    assert.match(overview(commands), new RegExp(`\\./almanac ${name} +${summary.slice(0, 20).replace(/[()]/g, '.')}`));
});

test('help lists the commands of users first, then those of developers', () => {
  const [users = '', developers = ''] = overview(commands).split('For developers:');
  for (const { name, isForDevelopers } of commands)
    assert.match(isForDevelopers === true ? developers : users, new RegExp(`\\./almanac ${name} `), name);
  for (const { summary } of commands) assert.match(summary, /^[A-Z][a-z]+s,? /, `'${summary}' starts with a verb`);
});

test('help shows every option of a command', () => {
  for (const command of commands)
    for (const name of Object.keys(command.options ?? {})) assert.ok(details(command).includes(`--${name}`), name);
});

test('an unknown command names the nearest one and lists all', () => {
  assert.throws(() => find('stauts', commands), /unknown command 'stauts'; did you mean status\?[\s\S]*\.\/almanac up/);
  assert.throws(() => find('toString', commands), /unknown command 'toString'/);
});
