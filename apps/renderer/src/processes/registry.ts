import { plot } from './plot.ts';
import type { ProcessHandler } from './process-handler.ts';
import { statistics } from './statistics.ts';

/** Every process that this service handlers, by its id. */
export const handlers: Readonly<Record<string, ProcessHandler>> = { plot, statistics };
