import { writeFileSync } from 'node:fs';
import { usageError } from '@almanac/tools/system/failure.ts';
import { didYouMean } from '@almanac/tools/system/nearest.ts';
import { bold, type Output, secondsSince } from '@almanac/tools/system/output.ts';
import { shownPath } from '@almanac/tools/system/places.ts';
import { table } from '@almanac/tools/system/table.ts';
import { OURS } from './account.ts';
import type { Findings } from './judge.ts';
import { removeLocalVolumes } from './local-volumes.ts';
import { machine, type Settings } from './settings.ts';
import type { Step } from './step.ts';
import { prepareNamespace } from './steps/account.ts';
import { steps } from './steps/registry.ts';
import { Testbed } from './testbed.ts';

/** How many errors of a step are printed. */
const SHOWN = 12;

interface Outcome extends Findings {
  name: string;
  title: string;
  passed: boolean;
  seconds: number;
}

/** Runs the steps one after another, also after a failed step. Returns the exit code. */
export async function runClusterTest(settings: Settings, out: Output): Promise<number> {
  const chosen = chooseSteps(settings.only);
  const testbed = new Testbed(settings, out);
  const outcomes: Outcome[] = [];
  try {
    for (const step of chosen) {
      out.line(bold(`${step.name}: ${step.title}`));
      const outcome = await runStep(testbed, step);
      outcomes.push(outcome);
      printOutcome(out, outcome);
      save(testbed, outcomes);
    }
  } finally {
    if (!settings.isKept) await cleanUp(testbed);
  }
  const failed = outcomes.filter(({ passed }) => !passed).length;
  out.line();
  out.line(
    table(
      [['step', '', 'seconds'], ...outcomes.map(({ name, passed, seconds }) => [name, passed ? 'passed' : 'FAILED', String(seconds)])],
      [2],
    ),
  );
  out.line(`all measurements and failed requests: ${shownPath(settings.report)}`);
  out.line(bold(`${outcomes.length - failed} passed, ${failed} failed`));
  return failed === 0 ? 0 : 1;
}

export function chooseSteps(only: readonly string[]): readonly Step[] {
  const names = steps.map(({ name }) => name);
  for (const name of only)
    if (!names.includes(name)) throw usageError(`--only ${name}: must be one of ${names.join(', ')}${didYouMean(name, names)}`);
  return only.length === 0 ? steps : steps.filter(({ name }) => only.includes(name));
}

async function runStep(testbed: Testbed, step: Step): Promise<Outcome> {
  const start = performance.now();
  const { name, title } = step;
  let findings: Findings;
  try {
    if (step.needs !== 'nothing') await prepareNamespace(testbed);
    if (step.needs === 'release' && !(await testbed.isInstalled())) await testbed.timed('install', () => testbed.install());
    findings = await step.run(testbed);
  } catch (error) {
    findings = { figures: {}, wrong: [(error as Error).stack ?? String(error)] };
  }
  return { name, title, passed: findings.wrong.length === 0, seconds: Math.round((performance.now() - start) / 1000), ...findings };
}

function printOutcome(out: Output, { name, passed, figures, wrong, seconds }: Outcome): void {
  for (const [figure, value] of Object.entries(figures)) out.line(`  ${figure}: ${value}`);
  for (const text of wrong.slice(0, SHOWN)) out.line(`  WRONG ${text}`);
  if (wrong.length > SHOWN) out.line(`  WRONG and ${wrong.length - SHOWN} more in the report`);
  out.line(`  ${name} ${passed ? 'passed' : 'FAILED'} after ${seconds} s`);
}

function save({ settings, loads }: Testbed, outcomes: readonly Outcome[]): void {
  const { kubeconfig: _, ...shown } = settings;
  writeFileSync(
    settings.report,
    JSON.stringify({ at: new Date().toISOString(), machine: machine(), settings: shown, steps: outcomes, loads }, null, 1),
  );
}

async function cleanUp(testbed: Testbed): Promise<void> {
  const start = performance.now();
  const { settings, out, admin } = testbed;
  await admin.removeNamespace(settings.namespace, OURS);
  if (settings.localVolumes !== undefined) await removeLocalVolumes(admin, settings.localVolumes);
  out.line(`namespace ${settings.namespace} removed in ${secondsSince(start)}`);
}
