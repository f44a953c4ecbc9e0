// ./almanac bench [name ...]: measures Almanac and a peer or a limit in the same run, prints a table and saves it as JSON.
import { hasRealData } from './data.ts';
import { copy } from './suites/copy.ts';
import { course } from './suites/course.ts';
import { gateway } from './suites/gateway.ts';
import { jobs } from './suites/jobs.ts';
import { load } from './suites/load.ts';
import { plot } from './suites/plot.ts';
import { queue } from './suites/queue.ts';
import { read } from './suites/read.ts';
import { recovery } from './suites/recovery.ts';
import { start } from './suites/start.ts';
import { printTable, type Row, saveRows } from './table.ts';
import { hasWrk } from './wrk.ts';

interface Suite {
  title: string;
  /** `flags`: the options --name and --name=value of the command line */
  run: (rounds?: number, flags?: ReadonlyMap<string, string>) => Promise<Row[]>;
  needsWrk?: boolean;
  needsRealData?: boolean;
}

const suites: Record<string, Suite> = {
  start: { title: 'Start and idle (S1, S2)', run: start },
  load: { title: 'Loading (L1, L3)', run: load },
  copy: { title: 'A million rows (Q0, L2, L4)', run: copy },
  read: { title: 'Reading (Q1, Q2, Q3)', run: read, needsWrk: true },
  gateway: { title: 'The public door (Q5)', run: gateway, needsWrk: true },
  course: { title: 'The course dialect (C1-C7)', run: course, needsWrk: true, needsRealData: true },
  plot: { title: 'From submitting to a picture (P2)', run: plot },
  queue: { title: 'The queue (J2, J3)', run: queue },
  recovery: { title: 'After deaths (R1)', run: recovery },
  jobs: { title: 'Jobs over HTTP (J1, P3)', run: jobs, needsWrk: true },
};

const words = process.argv.slice(2);
const asked = words.filter((word) => !word.startsWith('--'));
const flags = new Map(
  words.filter((word) => word.startsWith('--')).map((word) => [word.slice(2).split('=')[0] ?? '', word.split('=')[1] ?? '']),
);
const rounds = flags.has('rounds') ? Number(flags.get('rounds')) : undefined;
const unknown = asked.find((name) => !(name in suites));
if (unknown !== undefined) {
  console.error(`benchmark: '${unknown}' must be one of ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}
for (const [name, suite] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  if (suite.needsWrk && !hasWrk()) {
    console.log(`\n${suite.title}: skipped, wrk is not installed (apt-get install wrk)`);
    continue;
  }
  if (suite.needsRealData && !hasRealData()) {
    console.log(`\n${suite.title}: skipped, the real data files are not beside this checkout (ALMANAC_SHARED_DATA)`);
    continue;
  }
  const rows = await suite.run(rounds, flags);
  printTable(suite.title, rows);
  console.log(`  saved in ${saveRows(name, rows)}`);
}
