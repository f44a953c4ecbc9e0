import assert from 'node:assert/strict';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../system/places.ts';
import { readVersions, writeVersion } from './version.ts';

test('every place holds the version of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const found = readVersions();
  assert.deepEqual(
    found.filter((one) => one.version !== version),
    [],
  );
  for (const place of [
    'package.json',
    'apps/query/package.json',
    'helm/almanac/Chart.yaml',
    "package-lock.json 'libs/domain'",
    'CHANGELOG.md',
  ])
    assert.ok(
      found.some((one) => one.place === place),
      place,
    );
});

test('no service has a version of its own in its source', () => {
  for (const file of globSync('apps/*/src/app.ts', { cwd: root }))
    assert.match(readFileSync(join(root, file), 'utf8'), /version: manifest\.version,/, file);
});

test('a new version is written everywhere, and the unreleased changes become its own', () => {
  const copy = mkdtempSync(join(tmpdir(), 'almanac-version-'));
  after(() => rmSync(copy, { recursive: true, force: true }));
  for (const file of new Set(readVersions().map(({ place }) => place.split(' ')[0] as string))) cpSync(join(root, file), join(copy, file));
  writeVersion('3.2.1', '2027-01-02', copy);
  const left = readVersions(copy).filter(({ version }) => version !== '3.2.1');
  assert.deepEqual(
    left.filter(({ place }) => !place.startsWith('infra/kubernetes/')),
    [],
    'all but what helm renders',
  );
  assert.match(readFileSync(join(copy, 'CHANGELOG.md'), 'utf8'), /## \[Unreleased\]\n\n## \[3\.2\.1\] - 2027-01-02\n/);
  assert.match(readFileSync(join(copy, 'package-lock.json'), 'utf8'), /\n$/);
});
