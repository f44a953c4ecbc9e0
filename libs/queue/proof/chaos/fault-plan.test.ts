import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crashTable, faultPlan } from './fault-plan.ts';

const folder = join(import.meta.dirname, '../..');
/** How the names of all tests of this library begin, up to the colon. */
const beginnings = globSync('{src,proof}/**/*.test.ts', { cwd: folder }).flatMap((file) =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/^ *test\(\s*['"`](F\d[^:]*):/gm)].map(([, name]) => name as string),
);
const tested = (pattern: RegExp) => new Set(beginnings.flatMap((name) => [...name.matchAll(pattern)].map(([, which]) => which)));

test('every fault of the plan has its test', () => {
  const faults = tested(/\b(F\d+)\b/g);
  assert.deepEqual(
    Object.keys(faultPlan).filter((name) => !faults.has(name)),
    [],
  );
});

test('every row of the crash table has its test', () => {
  const rows = tested(/(?:rows?|,) (\d+)\b/g);
  assert.deepEqual(
    Object.keys(crashTable).filter((row) => !rows.has(row)),
    [],
  );
});
