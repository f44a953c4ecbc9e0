import { availableParallelism, totalmem } from 'node:os';
import { type DrawingMemory, drawingMemory } from '@almanac/domain';

/** How many drawing processes run here, and how much memory each may take: what the operator set, else what processors and memory allow. */
export const drawingLimits = (set: { children?: number | undefined; childMb?: number | undefined } = {}): DrawingMemory =>
  drawingMemory({ processors: availableParallelism(), memoryBytes: memoryLimit(), ...set });

/** The container's limit if there is one, else the machine's memory. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
