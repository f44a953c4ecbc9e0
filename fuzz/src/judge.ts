import type { AttackReport } from './attackers.ts';
import type { Usage } from './watch.ts';
import type { WitnessReport } from './witnesses.ts';

/** What a run promises. */
export interface Rules {
  /** the longest request of a witness, in milliseconds */
  witnessMs: number;
  /** the share of a witness's requests that may be refused with 503 or 429 and Retry-After */
  refusedShare: number;
  /** resident memory after the rest, as a share of that before the attacks, and an allowance for small processes in MB */
  memoryShare: number;
  memoryMb: number;
}

/** On a machine that does nothing else; see SECURITY.md. */
export const strictRules: Rules = { witnessMs: 2_000, refusedShare: 0.001, memoryShare: 1.2, memoryMb: 24 };

/** On a machine that does other work meanwhile, such as other tests: time and memory say little there, right answers and life do. */
export const sharedMachineRules: Rules = { witnessMs: 25_000, refusedShare: 0.05, memoryShare: 2, memoryMb: 100 };

export const isBack = ({ startMb, endMb }: Pick<Usage, 'startMb' | 'endMb'>, { memoryShare, memoryMb }: Rules): boolean =>
  endMb <= Math.max(startMb * memoryShare, startMb + memoryMb);

/** Every rule that the run broke, as sentences; empty if it kept all of them. */
export function judgeRun(attacks: AttackReport, witness: WitnessReport, usages: readonly Usage[], rules: Rules = strictRules): string[] {
  const { latencyMs, wrongCount, wrong, refused, requests, slowest } = witness;
  return [
    ...attacks.violations.map(({ by, what }) => `${by}: ${what}`),
    ...(wrongCount === 0 ? [] : [`${wrongCount} wrong answers to witnesses, for example: ${wrong.slice(0, 5).join('; ')}`]),
    ...(requests === 0 ? ['the witnesses sent no request'] : []),
    ...(refused > requests * rules.refusedShare ? [`${refused} of ${requests} requests of witnesses were refused`] : []),
    ...(latencyMs.longest > rules.witnessMs
      ? [`a witness waited ${latencyMs.longest} ms (${slowest}), the limit is ${rules.witnessMs} ms`]
      : []),
    ...usages.filter(({ hasEnded }) => hasEnded).map(({ name, pid }) => `${name} (process ${pid}) ended`),
    ...usages
      .filter((usage) => !usage.hasEnded && usage.name !== 'store' && !isBack(usage, rules))
      .map(({ name, startMb, endMb }) => `${name} holds ${endMb} MB after the run, ${startMb} MB before it`),
  ];
}
