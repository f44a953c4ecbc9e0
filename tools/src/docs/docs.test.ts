import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../system/places.ts';
import { environmentTable } from './environment.ts';
import { limitsTables } from './limits-table.ts';
import { hasMarked, withMarked } from './marked.ts';
import { pictures } from './pictures.ts';

/** The folders of all packages, as package.json lists them. */
const workspaces = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }).workspaces.flatMap(
  (pattern) => globSync(`${pattern}/package.json`, { cwd: root }).map((file) => dirname(file)),
);

const pages = globSync(['*.md', '{docs,examples,helm,infra}/**/*.md', ...workspaces.map((folder) => `${folder}/**/README.md`)], {
  cwd: root,
  exclude: (path) => path.endsWith('node_modules'),
});

/** The tables that a script writes into a page, between markers named `name`. */
const generated = [
  { page: 'README.md', name: 'environment', text: environmentTable },
  { page: 'docs/limits.md', name: 'limits', text: limitsTables },
];

for (const { page, name, text } of generated) {
  test(`the table '${name}' in ${page} is up to date (UPDATE_DOCS=1 writes it)`, async () => {
    const file = join(root, page);
    const found = readFileSync(file, 'utf8');
    assert.ok(hasMarked(found, name), `${page} has the markers of the table`);
    const right = withMarked(found, name, await text());
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, right);
    else assert.equal(found, right);
  });
}

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

for (const folder of workspaces) {
  test(`${folder} has a README that says where to start reading, and its paths exist`, () => {
    const text = readFileSync(join(root, folder, 'README.md'), 'utf8');
    assert.match(text, /^# \S+\n\n\S/);
    for (const [, path = ''] of text.matchAll(/`(src\/[\w./-]*)`/g)) assert.ok(existsSync(join(root, folder, path)), path);
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

test('the README opens with its pictures, each small and described', () => {
  const head = readFileSync(join(root, 'README.md'), 'utf8').split('\n## ')[0] as string;
  for (const picture of Object.values(pictures)) {
    assert.match(head, new RegExp(`<img src="${picture}"[^>]* alt="[^"]{20,}"`), picture);
    assert.ok(statSync(join(root, picture)).size < 150_000, `${picture} is smaller than 150 kB`);
  }
});
