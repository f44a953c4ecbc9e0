import { unknownProcess } from '@almanac/domain';
import { plot } from './plot.ts';
import type { Process } from './process.ts';
import { statistics } from './statistics.ts';

/** Every process by its id. A new one is a file beside plot.ts and a name here. */
export const processes: Readonly<Record<string, Process>> = { plot, statistics };

/** The process with this id. Throws ProblemError 'unknown-process' with the nearest id. */
export function findProcess(id: string): Process {
  const found = Object.hasOwn(processes, id) ? processes[id] : undefined;
  if (found === undefined) throw unknownProcess(id, Object.keys(processes));
  return found;
}
