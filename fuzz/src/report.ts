import type { AttackReport } from './attackers.ts';
import type { Usage } from './watch.ts';
import type { WitnessReport } from './witnesses.ts';

export interface RunReport {
  seed: number;
  attacks: AttackReport;
  witness: WitnessReport;
  usages: readonly Usage[];
  /** rules that were broken, as sentences */
  broken: readonly string[];
}

/** Prints the results of the run, and the seed that repeats it. */
export function printReport({ seed, attacks, witness, usages, broken }: RunReport, print: (line: string) => void = console.log): void {
  const runs = Object.values(attacks.runs).reduce((sum, count) => sum + count, 0);
  const statuses = Object.entries(attacks.statuses).map(([status, count]) => `${status} × ${count}`);
  const { p50, p99, longest } = witness.latencyMs;
  print(`attacks    ${runs} of ${Object.keys(attacks.runs).length} kinds; responses: ${statuses.join(', ')}`);
  print(
    `witnesses  ${witness.requests} requests, ${witness.wrongCount} wrong, ${witness.refused} refused; p50 ${p50} ms, p99 ${p99} ms, longest ${longest} ms (${witness.slowest})`,
  );
  print('process        MB before     peak  after   longest event loop delay');
  for (const { name, startMb, peakMb, endMb, loopDelayMs, hasEnded } of usages) {
    const delay = loopDelayMs < 0 ? '-' : `${loopDelayMs} ms`;
    print(`${name.padEnd(14)} ${pad(startMb, 9)} ${pad(peakMb, 8)} ${pad(endMb, 6)}   ${delay}${hasEnded ? '   ENDED' : ''}`);
  }
  for (const sentence of broken) print(`BROKEN     ${sentence}`);
  print(
    broken.length === 0
      ? `No rule was broken. Seed ${seed}.`
      : `${broken.length} rules were broken. Repeat the run with: ./almanac fuzz --seed ${seed}`,
  );
}

const pad = (value: number, width: number): string => String(value).padStart(width);
