import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../system/places.ts';
import { environmentTable, hasTable, withTable } from './environment.ts';

const readme = join(root, 'README.md');
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...['docs', 'docs/decisions', 'docs/course'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name))),
].filter((page) => page.endsWith('.md'));

test('the README lists every environment variable as the services check it (UPDATE_DOCS=1 writes it)', async () => {
  const text = readFileSync(readme, 'utf8');
  assert.ok(hasTable(text), 'the README has the markers of the table');
  const right = withTable(text, await environmentTable());
  if (process.env.UPDATE_DOCS === '1') writeFileSync(readme, right);
  else assert.equal(text, right);
});

for (const page of pages) {
  test(`every link and every file named in ${page} leads somewhere`, () => {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g))
      assert.ok(existsSync(join(root, dirname(page), target)), `${page} links to ${target}`);
    for (const [, path = ''] of text.matchAll(/`((?:apps|libs|tools|acceptance|bench)\/[\w./-]+\.(?:ts|md|lua|json))`/g)) {
      assert.ok(existsSync(join(root, path)), `${page} names ${path}`);
    }
  });
}

test('the architecture page lists every project on its floor', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  for (const parent of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, parent))) {
      const { nx } = JSON.parse(readFileSync(join(root, parent, name, 'package.json'), 'utf8')) as { nx: { tags: string[] } };
      const floor = nx.tags[0]?.replace('floor:', '');
      assert.match(text, new RegExp(`\\| ${floor} \\|[^\\n]*${parent}/${name}\\b`), `${parent}/${name} on floor ${floor}`);
    }
  }
});

test('the lock file holds the native packages of every platform, and no address', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  for (const name of [
    '@img/sharp-linux-x64',
    '@img/sharp-linux-arm64',
    '@img/sharp-darwin-arm64',
    '@napi-rs/canvas-linux-x64-gnu',
    '@napi-rs/canvas-linux-arm64-gnu',
    '@napi-rs/canvas-darwin-arm64',
  ]) {
    assert.ok(text.includes(`"node_modules/${name}"`), name);
  }
  assert.doesNotMatch(text, /"resolved": "https?:/);
});
