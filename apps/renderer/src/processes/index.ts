import { plot } from './plot.ts';
import type { Work } from './process.ts';
import { statistics } from './statistics.ts';

/** Every process that this service works, by its id. */
export const works: Readonly<Record<string, Work>> = { plot, statistics };
