import { plot } from './plot.ts';
import type { ProcessHandler } from './process-handler.ts';
import { statistics } from './statistics.ts';

/** Every process that the renderer runs, by its id. A new one is a file beside plot.ts and a name here. */
export const handlers: Readonly<Record<string, ProcessHandler>> = { plot, statistics };
