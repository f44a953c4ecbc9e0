import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { requestsPerSecond } from './wrk.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-wrk-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
process.env.TMPDIR = temporary;
process.env.PATH = `${folder}:${process.env.PATH}`;

/** Puts a program named wrk on the PATH that prints the script it got, and then these lines. */
function installWrk(lines: string): void {
  const path = join(folder, 'wrk');
  writeFileSync(path, `#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" = -s ] && cat "$2"; shift; done\ncat <<'END'\n${lines}\nEND\n`);
  chmodSync(path, 0o755);
}

test('wrk gets its script as a file, and no file remains', () => {
  installWrk('');
  assert.equal(requestsPerSecond('http://localhost/', { script: 'Requests/sec: 12.5\n' }), 12.5);
  assert.deepEqual(readdirSync(temporary), []);
});

test('no file remains after a benchmark that failed', () => {
  installWrk('Non-2xx or 3xx responses: 3');
  assert.throws(() => requestsPerSecond('http://localhost/', { script: '-- a script' }), /3 responses of .* were not 2xx/);
  assert.deepEqual(readdirSync(temporary), []);
});
