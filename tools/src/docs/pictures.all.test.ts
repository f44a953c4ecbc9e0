// The pictures of the README, against a start as a user makes it. UPDATE_DOCS=1 ALMANAC_TEST_ALL=1 writes them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../system/places.ts';
import { drawPlot, findBrowser, photographStartPage, pictures, withSamples } from './pictures.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'long suite: ./almanac test --all';
const isUpdate = process.env.UPDATE_DOCS === '1';

test('the plot in the README is what Almanac draws of its sample', { skip }, async (t) => {
  const browser = findBrowser();
  await withSamples(async (url) => {
    // First, so that it shows the plots of `up` and no other.
    if (browser === undefined) t.diagnostic('no Chromium on this machine: the start page was not photographed');
    else if (isUpdate) await photographStartPage(url, browser, join(root, pictures.startPage));
    const plot = await drawPlot(url);
    if (isUpdate) writeFileSync(join(root, pictures.plot), plot);
    else assert.equal(plot.toString(), readFileSync(join(root, pictures.plot), 'utf8'), 'UPDATE_DOCS=1 accepts the new plot');
  });
});
