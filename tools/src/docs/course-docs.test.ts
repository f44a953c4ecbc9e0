import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from '../system/places.ts';

const folder = join(root, 'docs/course');
const { routes } = (await import(pathToFileURL(join(root, 'apps/gateway/src/map.ts')).href)) as {
  routes: readonly { path: string }[];
};
const known = routes.map(({ path }) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`));
/** Paths that the pages show as ones that are not there. */
const strangers = ['/epoch'];

for (const page of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
  test(`every path that ${page} asks for is a route`, () => {
    const text = readFileSync(join(folder, page), 'utf8');
    for (const [, path = ''] of text.matchAll(/http:\/\/localhost:\d+(\/[^\s?'"`;|)]*)/g)) {
      assert.ok(strangers.includes(path) || known.some((pattern) => pattern.test(path)), `${page} asks for ${path}`);
    }
  });
}
