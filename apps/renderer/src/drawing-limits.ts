import { availableParallelism, totalmem } from 'node:os';
import { type DrawingMemory, drawingMemory } from '@almanac/domain';

/** The number of drawing processes and the memory of each: as the operator set them, or as processors and memory allow. */
export const drawingLimits = (set: { children?: number | undefined; childMb?: number | undefined } = {}): DrawingMemory =>
  drawingMemory({ processors: availableParallelism(), memoryBytes: memoryLimit(), ...set });

/** The container's limit if there is one, else the machine's memory. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
