import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { choose } from './commands/test.ts';
import { failureText, runTestFiles, testFiles } from './test/node-tests.ts';
import { essence } from './test/suites.ts';
import { add, lastLine, skipLines, tally } from './test/tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-reporter-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, name), `import { after, describe, it, test } from 'node:test';\n${text}\n`);
}
const outcomes = async (names: readonly string[]) =>
  (await runTestFiles(names, process.env, () => {}, folder)).map(
    ({ outcome, name, detail }) => [outcome, basename(name), detail?.split('\n')[0]] as const,
  );

test('leaves are counted, groups are not, and every skip has its reason', async () => {
  write({
    'good.test.ts': `test('plain', () => {});
      describe('group', () => { it('inside', () => {}); it('later', { skip: 'no printer here' }, () => {}); it('planned', { todo: 'soon' }, () => {}); });
      test('parent', async (t) => { await t.test('one', () => {}); await t.test('two', async (u) => { await u.test('deep', () => {}); }); });
      console.log('not a result');`,
  });
  assert.deepEqual(await outcomes(['good.test.ts']), [
    ['passed', 'plain', undefined],
    ['passed', 'inside', undefined],
    ['skipped', 'later', 'no printer here'],
    ['skipped', 'planned', 'to do: soon'],
    ['passed', 'one', undefined],
    ['passed', 'deep', undefined],
  ]);
});

test('each thing that fails is counted once, however it fails', async () => {
  write({
    'bad.test.ts': `test('wrong', () => { throw new Error('one is not two'); });
      test('parent', async (t) => { await t.test('kid', () => { throw new Error('kid'); }); await t.test('fine', () => {}); });
      describe('hooked', () => { after(() => { throw new Error('hook'); }); it('ok', () => {}); });`,
    'crash.test.ts': `test('before', () => {}); setTimeout(() => process.exit(3), 20);`,
    'import.test.ts': `import './there-is-none.ts';`,
    'empty.test.ts': '',
  });
  const seen = await outcomes(['bad.test.ts', 'crash.test.ts', 'import.test.ts', 'empty.test.ts']);
  const failed = seen
    .filter(([outcome]) => outcome === 'failed')
    .map(([, name]) => name)
    .sort();
  assert.deepEqual(failed, ['crash.test.ts', 'empty.test.ts', 'hooked', 'import.test.ts', 'kid', 'wrong']);
  assert.deepEqual(
    seen.filter(([outcome]) => outcome === 'passed').map(([, name]) => name),
    ['fine', 'ok', 'before'],
  );
  assert.match(seen.find(([, name]) => name === 'wrong')?.[2] ?? '', /one is not two/);
  assert.equal(seen.find(([, name]) => name === 'empty.test.ts')?.[2], 'the file ran no test');
});

test('a run without a test file, or without a word, is a failure', async () => {
  assert.deepEqual(await outcomes([]), [['failed', 'test files', 'there is no test file']]);
  assert.deepEqual(
    (await outcomes(['gone.test.ts'])).map(([outcome]) => outcome),
    ['failed'],
  );
});

test('a file that never ends is ended, and named', async () => {
  write({
    'fine.test.ts': `test('fine', () => {});`,
    'hangs.test.ts': `test('cleans up', (t) => { t.after(() => new Promise(() => { setInterval(() => {}, 1000); })); });`,
  });
  const failed = (await runTestFiles(['fine.test.ts', 'hangs.test.ts'], process.env, () => {}, folder, 500, 3000))
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ name }) => basename(name));
  assert.ok(failed.includes('hangs.test.ts') && !failed.includes('fine'), `failed: ${failed}`);
});

test('a long file that the others’ verdicts wait for is no silence', async () => {
  const slow = (name: string, ms: number) =>
    `test('${name}', async () => { await new Promise((resolve) => setTimeout(resolve, ${ms})); });`;
  write({ 'a.test.ts': slow('long', 5000), 'b.test.ts': Array.from({ length: 12 }, (_, i) => slow(`short ${i}`, 500)).join('\n') });
  const verdicts = await runTestFiles(['a.test.ts', 'b.test.ts'], process.env, () => {}, folder, 20_000, 3000);
  assert.deepEqual(tally(verdicts).failed, 0);
  assert.equal(verdicts.length, 13);
});

test('files are found by pattern, the long ones only when all are wanted', () => {
  write({ 'short.test.ts': '', 'long.all.test.ts': '' });
  const find = (all: boolean, only: string[] = []) =>
    testFiles(['*.test.ts'], { all, only }, folder).filter((f) => /^(short|long)/.test(f));
  assert.deepEqual(find(false), ['short.test.ts']);
  assert.deepEqual(find(true), ['long.all.test.ts', 'short.test.ts']);
  assert.deepEqual(find(true, ['long']), ['long.all.test.ts']);
});

test('words choose suites or files', () => {
  const names = (words: string[]) => choose(words, false).chosen.map(({ name }) => name);
  assert.deepEqual(names([]), ['lint', 'types', 'boundaries', 'unit', 'acceptance']);
  assert.deepEqual(names(['types', 'lint']), ['lint', 'types']);
  assert.deepEqual(choose(['./tools/src/test-reporter'], false).files, ['tools/src/test-reporter']);
  assert.deepEqual(names(['tools/src/test-reporter']), ['unit', 'acceptance']);
  assert.throws(() => choose(['unti'], false), /did you mean unit\?/);
});

test('of a long report the compiler’s lines are shown', () => {
  assert.equal(
    essence('> run\n  @almanac/x: src/a.ts(1,2): error TS2322: no\nnpm error code 1'),
    '@almanac/x  src/a.ts(1,2): error TS2322: no',
  );
  assert.equal(essence('one\ntwo'), 'one\ntwo');
});

test('the sum is one line, skips are told apart by reason', () => {
  const a = tally([
    { outcome: 'passed', name: 'a' },
    { outcome: 'skipped', name: 's', detail: 'why' },
  ]);
  const b = tally([
    { outcome: 'failed', name: 'b' },
    { outcome: 'skipped', name: 't', detail: 'why' },
    { outcome: 'skipped', name: 'u' },
  ]);
  const sum = add(a, b);
  assert.equal(lastLine(sum), '1 passed, 1 failed');
  assert.deepEqual(skipLines(sum.skipped), ['  2 skipped: why (s; t)', '  1 skipped: no reason given (u)']);
  assert.equal(failureText({ outcome: 'failed', name: 'n', file: '/r/x.ts', line: 3, detail: 'd' }, '/r'), 'FAILED  x.ts:3  n\n    d');
});
