import type { Bench } from './bench.ts';
import type { Findings } from './judge.ts';
import type { stepNames } from './options.ts';

/** One part of the proof. */
export interface Step {
  name: (typeof stepNames)[number];
  title: string;
  /** what must be there before: made where it is not, also when the step is asked for alone */
  needs: 'nothing' | 'account' | 'release';
  run(bench: Bench): Promise<Findings>;
}
