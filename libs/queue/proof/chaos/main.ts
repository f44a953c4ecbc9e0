// The long run: `./almanac chaos`. Arguments: --minutes=N, --seed=N. Exit code 1 when an invariant was violated.

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { anySeed } from '@almanac/testkit';
import { runCampaign } from './campaign.ts';
import { type Footprints, finalRows, progressLine, tableText } from './report.ts';
import type { Stage } from './stage.ts';
import { Tally } from './tally.ts';

const REPORT_EVERY_MS = 10_000;
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? anySeed() : Number(values.seed);
const history = join(tmpdir(), `almanac-chaos-${seed}-${process.pid}.jsonl`);

let stage: Stage | undefined;
let [before, after]: [Footprints, Footprints] = [{}, {}];
let tally: Tally | undefined;

function startReporting(started: Stage): void {
  stage = started;
  tally = new Tally(history);
  const begun = performance.now();
  setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    // The footprint after some warm-up, and the last one.
    if (seconds * 1000 < 3 * REPORT_EVERY_MS) before = started.footprints();
    after = seconds < minutes * 60 ? started.footprints() : after;
    if (tally !== undefined) console.log(progressLine(seconds, tally.read(), started.watch.violations.length));
  }, REPORT_EVERY_MS).unref();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void (stage?.end() ?? Promise.resolve()).finally(() => process.exit(1)));
console.log(`chaos for ${minutes} min with seed ${seed}; events are recorded in ${history}`);
const verdict = await runCampaign({
  seed,
  durationMs: minutes * 60_000,
  stage: { rate: 100, lostAfterMs: 3000, keepsMs: 60_000, looksEveryMs: 500, hasVeteran: true, history },
  onStart: startReporting,
});
console.log(tableText(finalRows(verdict, (tally as unknown as Tally).read(), before, after)));
if (verdict.violations.length > 0) {
  console.log(verdict.violations.slice(0, 20).join('\n'));
  console.log(`To repeat the run: ./almanac chaos --minutes ${minutes} --seed ${seed}. Its events are in ${history}`);
} else rmSync(history);
process.exit(verdict.violations.length > 0 ? 1 : 0);
