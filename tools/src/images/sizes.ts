import { table } from '../system/table.ts';
import type { Builder } from './builder.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Formats one line per image: compressed size and size on disk. The shared base is counted in each line. */
export async function sizeTable(builder: Builder, images: readonly string[]): Promise<string> {
  const rows: string[][] = [];
  for (const image of images) {
    rows.push([image, megabytes(await builder.compressedBytes(image)), megabytes(await builder.unpackedBytes(image))]);
  }
  return table([['image', 'compressed', 'unpacked'], ...rows], [1, 2]);
}
