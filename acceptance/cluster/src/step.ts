import type { Findings } from './judge.ts';
import type { Testbed } from './testbed.ts';

/** One part of the proof. */
export interface Step {
  name: string;
  title: string;
  /** what must be there before: made where it is not, also when the step is asked for alone */
  needs: 'nothing' | 'account' | 'release';
  run(testbed: Testbed): Promise<Findings>;
}
