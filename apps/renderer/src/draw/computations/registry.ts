import type { Computation } from './computation.ts';
import { plot } from './plot.ts';
import { statistics } from './statistics.ts';

/** What a drawing child computes, by the id of the process. A new one is a file beside plot.ts and a name here. */
export const computations: Readonly<Record<string, Computation<never>>> = { plot, statistics };
