import { availableParallelism, totalmem } from 'node:os';

/** Memory a drawing child is counted with, in MB. */
const MB_PER_CHILD = 300;

/** As many children as there are processors and room in memory for, the container's limits included; at least one. */
export function defaultChildren(processors = availableParallelism(), bytes = memoryLimit()): number {
  return Math.max(1, Math.min(processors, Math.floor(bytes / (MB_PER_CHILD * 1024 * 1024))));
}

/** The container's limit where there is one, else the machine's memory. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
