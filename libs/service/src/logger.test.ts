import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readDebugSwitch } from './debug-switch.ts';
import { createLogger } from './logger.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-logger-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a line in the format of the course has time, host, file, function, line, level and message', () => {
  const lines: string[] = [];
  const logger = createLogger('query', 'info', { format: 'text', destination: { write: (line) => void lines.push(line) } });
  function loadEverything() {
    logger.child({ reqId: 'r-1' }).warn({ rows: 3 }, 'data loaded');
  }
  loadEverything();
  logger.debug('not said');
  const [line] = lines;
  assert.equal(lines.length, 1);
  assert.match(
    line as string,
    new RegExp(
      `^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} ${hostname()}\\] logger\\.test\\.ts:loadEverything:\\d+ - WARNING: data loaded reqId=r-1 rows=3\\n$`,
    ),
  );
});

test('an error is logged with its stack', () => {
  const lines: string[] = [];
  createLogger('query', 'info', { format: 'text', destination: { write: (line) => void lines.push(line) } }).error(
    { err: new Error('lost') },
    'failed',
  );
  assert.match(lines[0] as string, /ERROR: failed\nError: lost\n {4}at /);
});

for (const [text, isOn, words] of [
  ['debug: false\n', false, /debug is off, set in/],
  ['debug: true\n', true, /debug is on, set in/],
  ['debug: "yes"\n', true, /on by default: .* has no debug/],
  ['', true, /on by default/],
  ['{debug', true, /on by default: .* is not YAML/],
] as const) {
  test(`config.yaml with ${JSON.stringify(text)}`, () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, text);
    const found = readDebugSwitch(file);
    assert.equal(found.isOn, isOn);
    assert.match(found.words, words);
  });
}

test('without config.yaml debug is on, as in the course, and the message reports it', () => {
  assert.deepEqual(readDebugSwitch(join(folder, 'none.yaml')), {
    isOn: true,
    words: `debug is on by default: ${join(folder, 'none.yaml')} cannot be read (ENOENT)`,
  });
});

for (const [end, code] of [
  ['process.exit(3)', 3],
  ['setTimeout(() => process.exit(0), 50)', 0],
  ["throw new Error('nobody catches this')", 1],
] as const) {
  test(`all lines are written, even if the process ends by ${end}`, () => {
    const program = `
      const { createLogger } = await import(${JSON.stringify(new URL('./logger.ts', import.meta.url).href)});
      const logger = createLogger('query');
      for (let i = 0; i < 3; i++) logger.info({ i }, 'said');
      ${end};`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    assert.equal(status, code);
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { i: number }).i),
      [0, 1, 2],
    );
  });
}

const skip = spawnSync('python3', ['--version']).status === 0 ? false : 'no python3 to make such a pipe with';
test('a slow reader gets every line, even through a non-blocking pipe', { timeout: 60_000, skip }, () => {
  // Another program that shares the pipe can make it non-blocking: a write that does not fit fails instead of waiting.
  const program = `
    import fcntl, os, subprocess, sys, time
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    child = subprocess.Popen(sys.argv[1:], stdout=writer)
    os.close(writer)
    time.sleep(0.5)
    lines = os.fdopen(reader).read().splitlines()
    child.wait()
    print(len(lines), lines[-1])`.replaceAll('\n    ', '\n');
  const child = `
    const { createLogger } = await import(${JSON.stringify(new URL('./logger.ts', import.meta.url).href)});
    const logger = createLogger('query');
    for (let i = 0; i < 3000; i++) logger.info({ i }, 'said');`;
  const { stdout } = spawnSync('python3', ['-c', program, process.execPath, '--input-type=module', '-e', child], { encoding: 'utf8' });
  assert.match(stdout, /^3000 .*"i":2999,/);
});
