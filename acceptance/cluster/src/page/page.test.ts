import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@almanac/tools/system/places.ts';
import { commandsOf, isSkipped, skipsOf } from './commands.ts';
import { runCommands } from './shell.ts';
import { substitute, substitutions } from './substitutions.ts';

const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
const settings = {
  registry: 'localhost:5001/o',
  namespace: 'n',
  pushWith: '--insecure',
  set: ['--set', 'global.storageClass=local'],
  folder: '/tmp/f',
  ports: [20_000, 20_001],
} as const;

test('commands are the lines of the shell blocks, continued lines joined', () => {
  const text =
    '# a\n\n```sh\n# only a comment\na b \\\n  c\n\nd   # why\n```\n\n```\nnot sh\n```\n<!-- cluster test: skip `d`: no d here -->\n';
  assert.deepEqual(commandsOf(text), ['a b  c', 'd   # why']);
  assert.deepEqual(skipsOf(text), [{ command: 'd', reason: 'no d here' }]);
  assert.ok(isSkipped('d   # why', skipsOf(text)));
});

test('every marker of the page has a command and a reason', () => {
  for (const { command, reason } of skipsOf(page)) {
    assert.ok(
      commandsOf(page).some((one) => one.startsWith(command)),
      command,
    );
    assert.ok(reason.length > 10, command);
  }
});

test('every substitution is used, and nothing of the page reaches the namespaces or the registry of a reader', () => {
  const all = substitutions(settings);
  const commands = commandsOf(page).filter((command) => !isSkipped(command, skipsOf(page)));
  for (const one of all)
    assert.ok(
      commands.some((command) => substitute(command, [one]) !== command),
      one.why,
    );
  const changed = commands.map((command) => substitute(command, all));
  for (const command of changed)
    assert.doesNotMatch(command, /registry\.example\.org|https:\/\/almanac\.example\.org|(-n |namespace )almanac/, command);
  assert.deepEqual(
    new Set(changed.flatMap((command) => command.match(/(?<=-n )[\w-]+(?=\s|$)/g) ?? [])),
    new Set(['n-page-test', 'n-page', 'n-page-new']),
  );
  assert.ok(changed.some((command) => command.includes(' /tmp/f/./backups') && !command.includes('backups:')));
});

test('one shell runs the commands in turn, keeps variables, and ends at the first that fails', async () => {
  const heard: string[] = [];
  const run = (...commands: string[]) => runCommands(commands, process.env, 20_000, (command) => void heard.push(command));
  assert.deepEqual(await run('A=1   # a comment', 'sleep 60 &', '[ "$A" = 1 ]'), { done: 3, failure: undefined });
  assert.deepEqual(heard, ['A=1   # a comment', 'sleep 60 &', '[ "$A" = 1 ]']);
  const { done, failure } = await run('true', 'echo why >&2; false | cat', 'echo never');
  assert.equal(done, 1);
  assert.match(failure ?? '', /^echo why.*\nwhy\nexit code 1/s);
});
