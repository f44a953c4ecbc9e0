import type { AttackReport } from './attackers.ts';
import type { Usage } from './watch.ts';
import type { WitnessReport } from './witnesses.ts';

/** The limits of a run. */
export interface Rules {
  /** the longest request of a witness, in milliseconds */
  witnessMs: number;
  /** the share of witness requests that may be refused with 503 or 429 and Retry-After */
  refusedShare: number;
  /** resident memory after the rest, as a share of that before the attacks, and an allowance for small processes in MB */
  memoryShare: number;
  memoryMb: number;
}

/** For a machine without other work; see SECURITY.md. */
export const strictRules: Rules = { witnessMs: 2_000, refusedShare: 0.001, memoryShare: 1.2, memoryMb: 24 };

/** For a machine with other work, such as other tests: time and memory vary there, but responses must be right and processes must live. */
export const sharedMachineRules: Rules = { witnessMs: 25_000, refusedShare: 0.05, memoryShare: 2, memoryMb: 100 };

export const isBack = ({ startMb, endMb }: Pick<Usage, 'startMb' | 'endMb'>, { memoryShare, memoryMb }: Rules): boolean =>
  endMb <= Math.max(startMb * memoryShare, startMb + memoryMb);

/** Returns a sentence for every broken rule. */
export function judgeRun(attacks: AttackReport, witness: WitnessReport, usages: readonly Usage[], rules: Rules = strictRules): string[] {
  const { latencyMs, wrongCount, wrong, refused, requests, slowest } = witness;
  return [
    ...attacks.violations.map(({ by, what }) => `${by}: ${what}`),
    ...(wrongCount === 0 ? [] : [`${wrongCount} wrong responses to witnesses, for example: ${wrong.slice(0, 5).join('; ')}`]),
    ...(requests === 0 ? ['the witnesses sent no request'] : []),
    ...(refused > requests * rules.refusedShare ? [`${refused} of ${requests} requests of witnesses were refused`] : []),
    ...(latencyMs.longest > rules.witnessMs
      ? [`a witness waited ${latencyMs.longest} ms (${slowest}), the limit is ${rules.witnessMs} ms`]
      : []),
    ...usages.filter(({ hasEnded }) => hasEnded).map(({ name, pid }) => `${name} (process ${pid}) ended`),
    ...usages
      .filter((usage) => !usage.hasEnded && usage.name !== 'store' && !isBack(usage, rules))
      .map(({ name, startMb, endMb }) => `${name} uses ${endMb} MB after the run, ${startMb} MB before it`),
  ];
}
