import type { Findings } from './judge.ts';
import type { Testbed } from './testbed.ts';

/** One part of the proof. */
export interface Step {
  name: string;
  title: string;
  /** what must exist before; it is created if it is missing */
  needs: 'nothing' | 'account' | 'release';
  run(testbed: Testbed): Promise<Findings>;
}
