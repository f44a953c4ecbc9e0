import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Client } from '../client/client.ts';
import { runJob } from '../client/follow-job.ts';
import { meteorites } from '../samples/meteorites.ts';
import { root } from '../system/places.ts';
import { findProgram, run } from '../system/run.ts';
import { freeBase } from '../up/free-base.ts';

/** The pictures at the head of the README, as Almanac draws and shows its own samples. */
export const pictures = { plot: 'docs/images/meteorites.svg', startPage: 'docs/images/start-page.jpg' } as const;

/** Starts everything with its samples in a folder of its own, and stops it after `use`. */
export async function withSamples<T>(use: (url: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'almanac-pictures-')));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const almanac = async (...args: string[]) => {
    const { ok, output } = await run(join(root, 'almanac'), args, { ...env, ALMANAC_HOME: folder, REDIS_URL: '' });
    if (!ok) throw new Error(output);
  };
  try {
    const port = await freeBase();
    await almanac('up', '--detach', '--port', String(port));
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    await almanac('down');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The plot as SVG, which is the same on every machine. */
export async function drawPlot(url: string): Promise<Buffer> {
  const client = new Client(url);
  const inputs = { dataset: meteorites.id, ...meteorites.plot(new Date()), width: 720, height: 380 };
  const { id } = await runJob(client, inputs, ['svg']);
  return await client.bytes(`/v1/jobs/${id}/results/svg`);
}

export const findBrowser = (): string | undefined => process.env.CHROMIUM ?? findProgram('chromium') ?? findProgram('google-chrome');

/** The start page into a JPEG file. It shows the samples of the day, so that it differs from day to day. */
export async function photographStartPage(url: string, executablePath: string, file: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.screenshot({ path: file, type: 'jpeg', quality: 80 });
  } finally {
    await browser.close();
  }
}
