import { plotLimits } from './plots.ts';

/** A drawing process before it draws: Node, the drawing library, fonts. Measured: 131 MB. */
const IDLE_MB = 135;
/**
 * A pixel is held as RGBA by the canvas, by two copies that the drawing library makes when pixels are read, and by the encoder. Measured for
 * 16 million pixels of coloured dots: 278 MB.
 */
const BYTES_PER_PIXEL = 18;
/** Rows lie in memory as they arrive, joined, as columns and once more in drawing order. Measured: 3.2 times their bytes. */
const COPIES_OF_ROWS = 4;
/** One drawing cannot use more memory. */
const MOST_MB = 2048;

const BYTES = 1e6;

/** How the renderer's memory is divided. */
export interface DrawingMemory {
  /** drawing processes side by side */
  children: number;
  /** memory that each may take, in MB of 1,000,000 bytes */
  childMb: number;
}

/**
 * As many drawing processes as there are processors, and no more than there is memory for; at least one. What is left is shared among them.
 * `memoryBytes`: the container's limit, or the machine's memory.
 */
export function drawingMemory({
  processors,
  memoryBytes,
  children,
  childMb,
}: {
  processors: number;
  memoryBytes: number;
  /** set by the operator */
  children?: number | undefined;
  childMb?: number | undefined;
}): DrawingMemory {
  const availableMb = memoryBytes / BYTES - plotLimits.rendererMb.value;
  const count = children ?? Math.max(1, Math.min(processors, Math.floor(availableMb / (childMb ?? plotLimits.drawingMb.value))));
  const share = Math.floor(availableMb / count);
  return { children: count, childMb: childMb ?? Math.max(Math.min(share, MOST_MB), IDLE_MB * 2) };
}

/** Bytes of rows (an Arrow stream) that fit beside a picture of `pixels` pixels in a drawing process of `childMb`. */
export const drawableRowBytes = (childMb: number, pixels: number): number =>
  Math.max(0, Math.floor(((childMb - IDLE_MB) * BYTES - pixels * BYTES_PER_PIXEL) / COPIES_OF_ROWS));

/** MB that a drawing takes, by its pixels and the bytes of its rows. */
export const drawingMb = (pixels: number, rowBytes: number): number =>
  IDLE_MB + (pixels * BYTES_PER_PIXEL + rowBytes * COPIES_OF_ROWS) / BYTES;
