import { plot } from './plot.ts';
import type { Work } from './process.ts';

/** Every process that this service works, by its id. */
export const works: Readonly<Record<string, Work>> = { plot };
