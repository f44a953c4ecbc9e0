import type { ReadCopy } from '@almanac/store';
import type { Context } from '../context.ts';
import type { Selection } from '../rows/selection.ts';

/** What a streamed response holds in memory until its end: the copy it reads, and the places of rows that a filter found. */
export function holding({ reader }: Pick<Context, 'reader'>, { copy, places }: Pick<Selection, 'copy' | 'places'>): () => () => void {
  return () => {
    const room = places === undefined ? undefined : reader.memory.reserve(places.byteLength);
    copy.retain();
    return () => {
      copy.release();
      room?.release();
    };
  };
}

export const holdingCopy = (copy: ReadCopy) => () => {
  copy.retain();
  return () => copy.release();
};
